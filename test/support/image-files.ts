// Image files and archives made in tests.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { Header } from 'tar/header'
import type { Pixels } from '../../src/data/pixels.ts'

/** Pixels that differ from image to image: values of a short formula of the seed. */
export const patternOf = (width: number, height: number, seed = 0, channels = 3): Pixels => ({
  width,
  height,
  channels,
  bytes: Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (i * i * 7 + i * 13 + seed * 31) % 251,
  ),
})

/** Pixels as a PNG file. */
export const pngOf = async ({ width, height, channels, bytes }: Pixels): Promise<Uint8Array> =>
  sharp(bytes, { raw: { width, height, channels: channels === 1 ? 1 : 3 } })
    .png()
    .toBuffer()

/** An entry of an archive; `size` and `type` may lie. */
export interface TarEntry {
  readonly path: string
  readonly content?: Uint8Array
  readonly type?: TarType
  readonly size?: number
}

type TarType =
  | 'File'
  | 'Directory'
  | 'SymbolicLink'
  | 'Link'
  | 'FIFO'
  | 'ExtendedHeader'
  | 'GlobalExtendedHeader'
  | 'NextFileHasLongPath'

const blockOf = ({ path, content = new Uint8Array(), type = 'File', size }: TarEntry): Buffer => {
  const header = new Header({
    path,
    type,
    size: size ?? content.length,
    mode: 0o644,
    mtime: new Date(0),
  })
  header.encode()
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.set(content)
  return Buffer.concat([header.block ?? Buffer.alloc(512), body])
}

/** A tar archive of the entries, hostile ones among them. */
export const tarOf = (entries: ReadonlyArray<TarEntry>): Uint8Array =>
  Buffer.concat([...entries.map(blockOf), Buffer.alloc(1024)])

/** Writes files by path under a folder. */
export const writeTree = (root: string, files: Readonly<Record<string, Uint8Array>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

/** Writes `photos/train` and `photos/test` under a folder: three classes, each noise around a grey of its own. */
export const writePhotos = async (root: string): Promise<void> => {
  const imageOf = (label: number, i: number): Promise<Uint8Array> => {
    const { bytes, ...rest } = patternOf(12, 10, 3 * i + label)
    return pngOf({ ...rest, bytes: bytes.map(b => 60 * label + b / 4) })
  }
  const split = async (name: string, count: number) =>
    Promise.all(
      ['a', 'b', 'c'].flatMap((label, k) =>
        Array.from({ length: count }, async (_, i) => {
          const image = await imageOf(k, i + (name === 'test' ? 100 : 0))
          return [`photos/${name}/${label}/${i}.png`, image] as const
        }),
      ),
    )
  writeTree(root, Object.fromEntries([...(await split('train', 6)), ...(await split('test', 2))]))
}
