// The rows of a block in order of class, so that loops may take several rows of one class at once.

/** `order` lists row numbers class by class; class k has order[starts[k] .. starts[k+1]). */
export interface Groups {
  readonly order: Int32Array
  readonly starts: Int32Array
}

/** Counting sort of rows by class id (0 .. classes-1); rows of a class keep their order. */
export const groupRows = (ids: Int32Array, classes: number): Groups => {
  const starts = new Int32Array(classes + 1)
  for (const id of ids) starts[id + 1] = (starts[id + 1] ?? 0) + 1
  for (let k = 0; k < classes; k++) starts[k + 1] = (starts[k + 1] ?? 0) + (starts[k] ?? 0)
  const next = starts.slice()
  const order = new Int32Array(ids.length)
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    const at = next[id] ?? 0
    order[at] = i
    next[id] = at + 1
  }
  return { order, starts }
}
