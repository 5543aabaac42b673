// Vision transformers (Dosovitskiy et al. 2021) with a class token, pre-norm encoder layers, exact GELU.
import * as E from 'fp-ts/Either'
import { add } from '../../kernels/add.ts'
import { addBias } from '../../kernels/add-bias.ts'
import { concat } from '../../kernels/concat.ts'
import { fill } from '../../kernels/fill.ts'
import { gelu } from '../../kernels/gelu.ts'
import { reshape } from '../../kernels/reshape.ts'
import { sliceColumns } from '../../kernels/resize-columns.ts'
import { f32, sizeOf } from '../core/aval.ts'
import { apply } from '../core/op.ts'
import { constant, normal, type Param, param, uniform } from '../core/tree.ts'
import type { Value } from '../core/value.ts'
import { compose } from '../nn/compose.ts'
import { conv2d } from '../nn/conv2d.ts'
import { dense } from '../nn/dense.ts'
import { elementwise } from '../nn/elementwise.ts'
import { layerNorm } from '../nn/layer-norm.ts'
import { type AnyLayer, type Empty, empty, type Layer } from '../nn/layer.ts'
import { perToken } from '../nn/per-token.ts'
import { residual } from '../nn/residual.ts'
import { selfAttention } from '../nn/self-attention.ts'
import { serial } from '../nn/serial.ts'
import type { Model, Pooling } from './model.ts'

/** Sizes of a vision transformer; those of ViT-B/32 where left out. `hidden` is the width within the MLPs. */
export interface VitConfig {
  readonly name: string
  readonly size: number
  readonly classes: number
  readonly patch?: number
  readonly width?: number
  readonly depth?: number
  readonly heads?: number
  readonly hidden?: number
}

const EPS = 1e-6

const zero = constant(0)

const shaped = (x: Value, ...shape: ReadonlyArray<number>): Value => apply(reshape, { shape })(x)

const plus = (a: Value, b: Value): Value => apply(add, null)(a, b)

interface TokenParams {
  readonly class_token: Param
  readonly encoder: { readonly pos_embedding: Param }
  readonly [key: string]: Param | { readonly pos_embedding: Param }
}

/** Patches [B, h, w, D] -> tokens [B, 1 + h w, D]: the class token before them, and position embeddings added. */
const tokens: Layer<TokenParams, Empty> = {
  init: ({ shape: [b = 1, h = 1, w = 1, d = 1] }) =>
    E.right({
      params: {
        class_token: param(f32(1, 1, d), zero),
        encoder: { pos_embedding: param(f32(1, 1 + h * w, d), normal(0.02)) },
      },
      state: empty,
      out: f32(b, 1 + h * w, d),
    }),
  apply: () => (params, state, x) => {
    const [b = 1, h = 1, w = 1, d = 1] = x.aval.shape
    const places = params.encoder.pos_embedding
    const blank = apply(fill, { shape: [b, d], value: 0 })()
    const first = apply(addBias, null)(blank, shaped(params.class_token, d))
    const all = apply(concat, null)(first, shaped(x, b, h * w * d))
    const placed = apply(addBias, null)(all, shaped(places, sizeOf(places.aval)))
    return [shaped(placed, b, 1 + h * w, d), state]
  },
}

/** Tokens [B, T, D] -> the class token [B, D]. */
export const classToken: Pooling = x => {
  const [b = 1, t = 1, d = 1] = x.aval.shape
  return apply(sliceColumns, { width: d })(shaped(x, b, t * d))
}

const around = (branch: AnyLayer): AnyLayer => residual({ branch, join: plus })

const encoderLayer = (width: number, heads: number, hidden: number): AnyLayer => {
  // Glorot and Bengio's bound; torchvision's biases of the MLP are all but zero.
  const starts = { weight: uniform(Math.sqrt(6 / (width + hidden))), bias: normal(1e-6) }
  const mlp = serial({
    0: perToken(dense(hidden, starts)),
    1: elementwise({ op: gelu, attrs: null }),
    3: perToken(dense(width, starts)),
  })
  return compose(
    around(serial({ ln_1: layerNorm(EPS), self_attention: selfAttention(heads) })),
    around(serial({ ln_2: layerNorm(EPS), mlp })),
  )
}

/** The network with torchvision's names; its units are the encoder layers, its features the class token. */
export const vit = ({
  name,
  size,
  classes,
  patch = 32,
  width = 768,
  depth = 12,
  heads = 12,
  hidden = 4 * width,
}: VitConfig): Model => ({
  name,
  input: [size, size, 3],
  classes,
  blocks: [
    {
      name: 'embedding',
      path: '',
      layer: compose(
        serial({
          conv_proj: conv2d({
            out: width,
            kernel: patch,
            stride: patch,
            bias: true,
            starts: { weight: normal(Math.sqrt(1 / (3 * patch * patch))), bias: zero },
          }),
        }),
        tokens,
      ),
      fixed: true,
    },
    ...Array.from({ length: depth }, (_, i) => ({
      name: `encoder.layers.encoder_layer_${i}`,
      layer: encoderLayer(width, heads, hidden),
    })),
  ],
  tail: {
    name: 'encoder.ln',
    path: 'encoder',
    layer: serial({ ln: layerNorm(EPS) }),
    endsLast: true,
  },
  pool: classToken,
  head: {
    name: 'heads',
    layer: n => serial({ head: dense(n, { weight: zero, bias: zero }) }),
  },
})
