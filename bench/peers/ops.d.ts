// What bench/peers/infer.mjs builds its networks of; tfjs-ops.mjs and jax-ops.mjs have it in terms of a peer.

/** A tensor or array of a peer, which is installed on demand, so that its types are not known. */
export type Value = ReturnType<typeof JSON.parse>
export type Layer = (x: Value) => Value

export interface Ops {
  readonly version: string
  /** Random numbers of a shape. */
  readonly make: (shape: ReadonlyArray<number>, scale: number) => Value
  readonly linear: (from: number, to: number) => Layer
  readonly conv: (
    from: number,
    to: number,
    kernel: number,
    stride: number,
    pad: number,
    activation: 'relu' | 'linear',
  ) => Layer
  readonly maxPool: Layer
  readonly addRelu: (a: Value, b: Value) => Value
  readonly add: (a: Value, b: Value) => Value
  /** Over all places. */
  readonly average: Layer
  /** Of patches, the class token before them. */
  readonly tokens: (x: Value, first: Value, places: Value) => Value
  readonly norm: () => Layer
  readonly gelu: Layer
  readonly attend: (q: Value, k: Value, v: Value) => Value
  readonly classToken: Layer
  /** A value that is used again. */
  readonly use: Layer
  /** A forward pass on random images. */
  readonly run: (forward: Layer) => () => Promise<void>
}

/** The sizes of ViT-B/32 at 224 px. */
export interface Sizes {
  readonly batch: number
  readonly tokens: number
  readonly width: number
  readonly heads: number
}
