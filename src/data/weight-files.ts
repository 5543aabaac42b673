// The public files of weights: their names, where they lie, how large they are, and the hash in the name.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Fault, fault } from '../core/fault.ts'

/** A file to download: the start of its sha256 in hex (null where its name has none) and a bound of its bytes. */
export interface WeightFile {
  readonly file: string
  readonly url: string
  readonly sha256: string | null
  readonly most: number
}

/** A public file by the network's name; `mebibytes` is its size, rounded. */
export interface PublicFile {
  readonly name: string
  readonly file: string
  readonly mebibytes: number
  readonly what: string
  /** Where it lies if not at torchvision's host. */
  readonly url?: string
}

const torchvisionHost = 'https://download.pytorch.org/models'

const timm = 'vit_base_patch32_384.augreg_in21k_ft_in1k'

/** What `collapse weights get` knows by name; top-1 in percent on ImageNet, as published. */
export const publicFiles: ReadonlyArray<PublicFile> = [
  { name: 'resnet18', file: 'resnet18-f37072fd.pth', mebibytes: 44.7, what: '69.76 % top-1' },
  { name: 'resnet34', file: 'resnet34-b627a593.pth', mebibytes: 83.3, what: '73.31 % top-1' },
  { name: 'resnet50', file: 'resnet50-0676ba61.pth', mebibytes: 97.8, what: '76.13 % top-1' },
  { name: 'densenet121', file: 'densenet121-a639ec97.pth', mebibytes: 30.8, what: '74.43 % top-1' },
  {
    name: 'mobilenet_v2',
    file: 'mobilenet_v2-b0353104.pth',
    mebibytes: 13.6,
    what: '71.88 % top-1',
  },
  { name: 'vit_b_32', file: 'vit_b_32-d86f8d99.pth', mebibytes: 336.6, what: '75.91 % top-1' },
  {
    name: timm,
    file: `${timm}.safetensors`,
    mebibytes: 337,
    what: '83.35 % top-1, 384 px',
    url: `https://huggingface.co/timm/${timm}/resolve/main/model.safetensors`,
  },
]

const MIB = 2 ** 20

/** No file of weights is larger, in bytes. */
const mostBytes = 4096 * MIB

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '')

const fileName = /^[A-Za-z0-9][\w.-]*-([0-9a-f]{8,64})\.(pth|pt|bin|safetensors|safetensors\.gz)$/

const mirrorOf = (mirror: string | undefined): E.Either<Fault, string | null> => {
  if (mirror === undefined) return E.right(null)
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:')
    ? E.right(mirror.replace(/\/+$/, ''))
    : E.left(
        fault(`'${mirror}' is no web address`, '--mirror', 'give one such as https://host/dir'),
      )
}

const known = (name: string): PublicFile | undefined =>
  publicFiles.find(entry => plain(entry.name) === plain(name) || entry.file === name)

const unknownName = (name: string): Fault =>
  fault(
    `no weights are known as '${name}'`,
    'weights get <name>',
    `give ${publicFiles.map(entry => entry.name).join(', ')}, or a file name such as net-0123abcd.pth`,
  )

/**
 * The file that a name stands for: a network's (`resnet18`, `vit-b-32`), a public file's, or any other file's whose name
 * ends in the start of its sha256. It lies in the mirror's folder, or at the official host.
 */
export const weightFile = (name: string, mirror?: string): E.Either<Fault, WeightFile> => {
  const entry = known(name)
  const file = entry?.file ?? name
  const [, hash = null] = fileName.exec(file) ?? []
  if (entry === undefined && hash === null) return E.left(unknownName(name))
  return pipe(
    mirrorOf(mirror),
    E.map(base => ({
      file,
      url: base === null ? (entry?.url ?? `${torchvisionHost}/${file}`) : `${base}/${file}`,
      sha256: hash,
      most: entry === undefined ? mostBytes : Math.ceil(1.05 * entry.mebibytes * MIB),
    })),
  )
}
