// What `collapse train` does.
import * as TE from 'fp-ts/TaskEither'
import { fault } from '../../src/core/fault.ts'
import type { Run } from '../run.ts'
import type { TrainFlags } from '../train.ts'

/** Trains. */
export const runTrain: Run<TrainFlags> = () => TE.left(fault('not ready', 'train', 'wait'))
