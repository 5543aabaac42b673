// The flags that name a network, for every command that runs one.
import { fromText, optional, wholeFrom } from '../../src/codec/field.ts'
import type { FlagLine } from '../flags.ts'

/** A network by its name, with weights from a file. */
export const networkLines: ReadonlyArray<FlagLine> = [
  ['--model <name>', 'the network; collapse models lists them'],
  ['--weights <file>', '.safetensors, .safetensors.gz or .pth, or the checkpoint of a run'],
]

/** A network and its weights by the run that trained it. */
export const runLine: FlagLine = [
  '--from <run>',
  'the network of a run of collapse train, by its folder',
]

/** Another size of images than the network's own. */
export const sizeLine: FlagLine = ['--size <n>', 'height and width of the images', "the network's"]

/** `--size` decoded. */
export const sizeField = optional(fromText(wholeFrom(1, 4096)))
