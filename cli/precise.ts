// The engine of `--precision f16`: opened only where products in f16 pass their self-test, else f32 with a line.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { moves } from '../kernels/moves.ts'
import { productProbe } from '../kernels/product-probe.ts'
import { type Fault, failure } from '../src/core/fault.ts'
import { trace } from '../src/core/trace.ts'
import { showShapeErrors } from '../src/core/value.ts'
import type { Engine, EngineOptions } from '../src/device/engine.ts'
import type { DeviceName } from '../src/device/open.ts'
import { openPrecise } from '../src/device/precision.ts'

/** Opens the engine with f16 products, or with f32 after telling `say` why. */
export const openHalves = (
  device: DeviceName,
  options: EngineOptions,
  say: (line: string) => void,
): TE.TaskEither<Fault, Engine> =>
  pipe(
    trace(productProbe),
    E.mapLeft(errors => failure(showShapeErrors(errors), 'self-test', 'use --precision f32')),
    TE.fromEither,
    TE.chain(probe => openPrecise(device, moves, { ...options, precision: 'f16' }, probe, say)),
  )
