// Downloads in tests: a lying server, a folder, and one small file to fetch from it.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type Download, download, partOf } from '../../src/data/download.ts'
import { transportFor } from '../../src/data/transport.ts'
import { type Answer, type Asked, type Server, serve } from './http.ts'

/** The file: 5000 bytes. */
export const file = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)
/** The beginning of its sha256. */
export const sha256 = createHash('sha256').update(file).digest('hex').slice(0, 8)

/** Where a test fetches the file: the server, the file's name to be, and the download, options changed. */
export interface Place {
  readonly server: Server
  readonly to: string
  readonly get: (options?: Partial<Download>) => ReturnType<ReturnType<typeof download>>
}

/** Runs a test against a server of these answers, in a folder of its own. */
export const at = async (
  answer: (asked: Asked, before: number) => Answer,
  use: (place: Place) => Promise<void>,
): Promise<void> => {
  const server = await serve(answer)
  const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
  const to = join(folder, 'sub', `net-${sha256}.pth`)
  const transport = transportFor({})
  const fixed = { url: `${server.url}/models/net`, to, sha256, most: 10_000, pause: 1, transport }
  try {
    await use({ server, to, get: options => download({ ...fixed, ...options })() })
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
}

/** The file is there and nothing else. */
export const isWhole = (to: string): void => {
  assert.equal(new Uint8Array(readFileSync(to)), file)
  assert.not(existsSync(partOf(to)))
}

/** Neither file nor part are there. */
export const isNothing = (to: string): void => {
  assert.not(existsSync(to))
  assert.not(existsSync(partOf(to)))
}

/** A part of the file from a byte on, after which the connection is cut. */
export const range = (body: Uint8Array, from: number): Answer => ({
  status: 206,
  headers: { 'content-range': `bytes ${from}-4999/5000`, 'content-length': 5000 - from },
  body,
  end: 'cut',
})
