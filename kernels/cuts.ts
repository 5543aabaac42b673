// How ops fall apart along the batch: the usual cases of an op's `split`.
import * as O from 'fp-ts/Option'
import { type Op, primitive, type Site, shareOf, type Split } from '../src/core/op.ts'

type Ins = Split['ins'][number]
type Outs = Split['outs'][number]

/** A `split` that is the same at every site. */
export const cut = (ins: ReadonlyArray<Ins>, outs: ReadonlyArray<Outs>) => (): O.Option<Split> =>
  O.some({ ins, outs })

/** The same where the first operand has rows beside its columns: ops over the last axis do not cut that. */
export const cutAbove =
  (ins: ReadonlyArray<Ins>, outs: ReadonlyArray<Outs>) =>
  (site: Pick<Site<unknown>, 'ins'>): O.Option<Split> =>
    (site.ins[0]?.shape.length ?? 0) > 1 ? O.some({ ins, outs }) : O.none

/** All operands and the only result by rows. */
export const cutAll = ({ ins }: Pick<Site<unknown>, 'ins'>): O.Option<Split> =>
  O.some({ ins: ins.map(() => 'rows'), outs: ['rows'] })

/** The same for an op that has the shape of its result among its attributes: of that, too, a part takes its rows. */
export const cutShaped =
  <A extends { readonly shape: ReadonlyArray<number> }>(op: () => Op<A>) =>
  ({ attrs, ins }: Site<A>): O.Option<Split> => {
    const [rows = 1, ...rest] = attrs.shape
    return O.some({
      ins: ins.map(() => 'rows'),
      outs: ['rows'],
      part: portion => primitive(op(), { ...attrs, shape: [shareOf(rows, portion), ...rest] }),
    })
  }
