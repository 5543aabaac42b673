// What users test their own ops and metrics with: `import { checkOp } from 'collapse/test/support'`.
export { checkOp, type Checks } from './check-op.ts'
export type { Contents } from './contents.ts'
