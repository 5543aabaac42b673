// Batch norm as a layer: batch moments in training, running ones in evaluation and in frozen blocks.
import * as E from 'fp-ts/Either'
import { batchNorm as batchNormOp, type Norm, runningMoments } from '../../kernels/batch-norm.ts'
import { batchNormEval } from '../../kernels/batch-norm-eval.ts'
import { f32 } from '../core/aval.ts'
import { apply, applyAll, at } from '../core/op.ts'
import { type Param, param } from '../core/tree.ts'
import type { Layer } from './layer.ts'

/** Scale and shift [C], under PyTorch's names. */
export interface AffineParams {
  readonly weight: Param
  readonly bias: Param
  readonly [key: string]: Param
}

/** Running mean and unbiased variance [C], under PyTorch's names. */
export interface RunningState {
  readonly running_mean: Param
  readonly running_var: Param
  readonly [key: string]: Param
}

/** PyTorch's defaults: 1e-5 is added to the variance, and running moments move a tenth of the way. */
const EPS = 1e-5
const MOMENTUM = 0.1

const constant = (value: number) => ({ _tag: 'Constant', value }) as const

/** Batch norm over the last axis (torch.nn.BatchNorm2d), and an activation in the same pass where one is named. */
export const batchNorm = (
  activation?: Norm['activation'],
  eps = EPS,
): Layer<AffineParams, RunningState> => {
  const norm: Norm = activation === undefined ? { eps } : { eps, activation }
  return {
    init: x => {
      const width = x.shape.at(-1)
      if (width === undefined || x.shape.length < 2) {
        return E.left({ op: 'batchNorm', message: 'needs f32[B, .., C]' })
      }
      const vector = (value: number): Param => param(f32(width), constant(value))
      return E.right({
        params: { weight: vector(1), bias: vector(0) },
        state: { running_mean: vector(0), running_var: vector(1) },
        out: x,
      })
    },
    apply:
      mode =>
      ({ weight, bias }, state, x) => {
        const { running_mean: mean, running_var: variance } = state
        if (mode._tag === 'Eval' || mode.moments === 'running') {
          return [apply(batchNormEval, norm)(x, weight, bias, mean, variance), state]
        }
        const results = applyAll(batchNormOp, norm)(x, weight, bias, mode.weights)
        const batch = [at(results, 1), at(results, 2), at(results, 3)] as const
        const next = applyAll(runningMoments, { momentum: MOMENTUM })(mean, variance, ...batch)
        return [at(results, 0), { running_mean: at(next, 0), running_var: at(next, 1) }]
      },
  }
}
