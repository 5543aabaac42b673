// How ops fall apart along the batch: the usual cases of an op's `split`.
import { type Op, primitive, type Site, shareOf, type Splitting } from '../src/core/op.ts'

type Ways = ReadonlyArray<Splitting>
type Operands = Pick<Site<unknown>, 'ins'>

/** One way, the same at every site. */
export const cut = (ins: Splitting['ins'], outs: Splitting['outs']) => (): Ways => [{ ins, outs }]

/** The same where the first operand has rows beside its columns: ops over the last axis do not cut that. */
export const cutAbove =
  (ins: Splitting['ins'], outs: Splitting['outs']) =>
  (site: Operands): Ways =>
    (site.ins[0]?.shape.length ?? 0) > 1 ? [{ ins, outs }] : []

/** All operands and the only result by rows. */
export const cutAll = ({ ins }: Operands): Ways => [{ ins: ins.map(() => 'rows'), outs: ['rows'] }]

/** The same for an op that has the shape of its result among its attributes: of that, too, a part takes its rows. */
export const cutShaped =
  <A extends { readonly shape: ReadonlyArray<number> }>(op: () => Op<A>) =>
  ({ attrs, ins }: Site<A>): Ways => {
    const [rows = 1, ...rest] = attrs.shape
    return [
      {
        ins: ins.map(() => 'rows'),
        outs: ['rows'],
        part: portion => primitive(op(), { ...attrs, shape: [shareOf(rows, portion), ...rest] }),
      },
    ]
  }
