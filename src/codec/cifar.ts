// CIFAR's binary files: records of one or two label bytes and 32 x 32 pixels, one channel after the other.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'

/** Pixels of a channel, and bytes of an image. */
const PLANE = 32 * 32
const IMAGE = 3 * PLANE

/** What a record begins with: `labelBytes`, the last of which is the class, below `classes`. */
export interface CifarForm {
  readonly labelBytes: 1 | 2
  readonly classes: number
}

/** `count` images of 32 x 32 x 3 bytes, channels last, and their labels. */
export interface CifarRecords {
  readonly bytes: Uint8Array
  readonly labels: Uint8Array
}

/** Bytes of one record. */
export const cifarRecordBytes = ({ labelBytes }: CifarForm): number => labelBytes + IMAGE

/** Decodes a file; `Left` where it is empty, no whole number of records, or has a label out of range. */
export const decodeCifar = (
  file: Uint8Array,
  form: CifarForm,
  where: string,
): E.Either<Fault, CifarRecords> => {
  const record = cifarRecordBytes(form)
  const count = file.length / record
  if (count === 0 || !Number.isInteger(count)) {
    const what = `${file.length} bytes are no whole number of records of ${record}`
    return E.left(fault(what, where, 'fetch the file again (the binary version)'))
  }
  const labels = Uint8Array.from(
    { length: count },
    (_, i) => file[i * record + form.labelBytes - 1] ?? 0,
  )
  const bad = labels.findIndex(label => label >= form.classes)
  if (bad >= 0) {
    const what = `label ${labels[bad]} in record ${bad}`
    return E.left(fault(what, where, `labels are 0-${form.classes - 1}: fetch the file again`))
  }
  const bytes = new Uint8Array(count * IMAGE)
  for (let i = 0, to = 0; i < count; i++) {
    const from = i * record + form.labelBytes
    for (let p = from; p < from + PLANE; p++) {
      bytes[to++] = file[p] ?? 0
      bytes[to++] = file[p + PLANE] ?? 0
      bytes[to++] = file[p + 2 * PLANE] ?? 0
    }
  }
  return E.right({ bytes, labels })
}

/** Encodes records as a file; the first of two label bytes, which nothing reads, is 0. */
export const encodeCifar = ({ bytes, labels }: CifarRecords, form: CifarForm): Uint8Array => {
  const record = cifarRecordBytes(form)
  const file = new Uint8Array(labels.length * record)
  labels.forEach((label, i) => {
    const start = i * record + form.labelBytes
    file[start - 1] = label
    for (let k = 0; k < IMAGE; k++) {
      file[start + (k % 3) * PLANE + Math.floor(k / 3)] = bytes[i * IMAGE + k] ?? 0
    }
  })
  return file
}
