// Shape rules of convolution's three passes: what x, w and y are, from the two of them that are given.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Aval, sameAval, showAval } from '../src/core/aval.ts'
import {
  type Conv,
  convolved,
  type Images,
  imagesAval,
  imagesOf,
  type Kernel,
  kernelOf,
  type Sides,
} from './conv-form.ts'
import { isArray } from './shapes.ts'

/** A convolution of images of this height and width, which its result does not tell. */
export interface InputGrad extends Conv {
  readonly height: number
  readonly width: number
}

/** A convolution with a kernel of these sides, which its result does not tell. */
export interface WeightGrad extends Conv {
  readonly rows: number
  readonly columns: number
}

const sidesOf = (x: Images, w: Kernel, conv: Conv): E.Either<string, Sides> =>
  pipe(
    convolved(x, w, conv),
    E.map(y => ({ x, w, y, conv })),
  )

const given = (
  [a, b]: ReadonlyArray<Aval>,
  what: string,
): E.Either<string, readonly [Aval, Aval]> =>
  isArray(a, 'f32', 4) && isArray(b, 'f32', 4) ? E.right([a, b]) : E.left(`needs ${what}`)

/** Sides of operands 0 and 1, x and w. */
export const forwardSides = (ins: ReadonlyArray<Aval>, conv: Conv): E.Either<string, Sides> =>
  pipe(
    given(ins, 'x f32[B, H, W, C] and w f32[O, C / groups, rows, columns]'),
    E.chain(([x, w]) => sidesOf(imagesOf(x), kernelOf(w), conv)),
  )

const meets =
  (dy: Aval) =>
  ({ y }: Sides): boolean =>
    sameAval(dy, imagesAval(y))

const expected = ({ y }: Sides): string => `needs dy ${showAval(imagesAval(y))}`

/** Sides of operands 0 and 1, dy and w. */
export const inputGradSides = (
  ins: ReadonlyArray<Aval>,
  { height, width, ...conv }: InputGrad,
): E.Either<string, Sides> =>
  pipe(
    given(ins, 'dy f32[B, H, W, O] and w f32[O, C / groups, rows, columns]'),
    E.chain(([dy, weights]) => {
      const w = kernelOf(weights)
      const x = { batch: imagesOf(dy).batch, height, width, channels: w.channels * conv.groups }
      return pipe(sidesOf(x, w, conv), E.filterOrElse(meets(dy), expected))
    }),
  )

/** Sides of operands 0 and 1, dy and x. */
export const weightGradSides = (
  ins: ReadonlyArray<Aval>,
  { rows, columns, ...conv }: WeightGrad,
): E.Either<string, Sides> =>
  pipe(
    given(ins, 'dy f32[B, H, W, O] and x f32[B, H, W, C]'),
    E.chain(([dy, images]) => {
      const x = imagesOf(images)
      const w = { out: imagesOf(dy).channels, channels: x.channels / conv.groups, rows, columns }
      return pipe(sidesOf(x, w, conv), E.filterOrElse(meets(dy), expected))
    }),
  )

const nothing: Images = { batch: 1, height: 1, width: 1, channels: 1 }

const noSides: Sides = {
  x: nothing,
  w: { out: 1, channels: 1, rows: 1, columns: 1 },
  y: nothing,
  conv: { stride: 1, padding: 0, dilation: 1, groups: 1 },
}

/** Sides of a site whose shape rule has passed. */
export const sure = (sides: E.Either<string, Sides>): Sides =>
  pipe(
    sides,
    E.getOrElse(() => noSides),
  )
