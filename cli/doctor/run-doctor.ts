// What `collapse doctor` does: engine, versions and self-test, for a person or as JSON.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { moves } from '../../kernels/moves.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'
import type { EngineInfo } from '../../src/device/engine.ts'
import { openEngine } from '../../src/device/open.ts'
import type { Run, Session } from '../run.ts'
import { type SelfTest, selfTest } from './self-test.ts'
import { versions } from './versions.ts'

interface Report extends EngineInfo {
  readonly version: 1
  readonly versions: Readonly<Record<string, string>>
  readonly selfTest: SelfTest
  /** How to get a faster engine, where there is one to get. */
  readonly advice: string | null
}

/** Why `auto` fell back to the cpu engine, and how to mend it. */
const adviceFor = (
  { common }: Session,
  { engine }: EngineInfo,
): TE.TaskEither<Fault, string | null> =>
  common.device !== 'auto' || engine === 'webgpu'
    ? TE.right(null)
    : async () => {
        const opened = await openEngine('webgpu', moves, { checked: false })()
        if (E.isLeft(opened)) return E.right(showFault(opened.left))
        opened.right.close()
        return E.right(null)
      }

const FAMILIES: { readonly [family in EngineInfo['family']]: string } = {
  tiled: 'tiled (workgroup memory, for real GPUs)',
  subgroup: 'subgroup (textures and 8-lane broadcasts, for llvmpipe)',
  texture: 'texture (8x8 register tiles over textures, for software Vulkan)',
  reference: 'reference (gpu.js on the host)',
}

const bytes = (n: number): string =>
  n >= 2 ** 30 ? `${(n / 2 ** 30).toFixed(1)} GiB` : `${(n / 2 ** 20).toFixed(0)} MiB`

const limitLines = ({ limits }: EngineInfo): ReadonlyArray<readonly [string, string]> =>
  limits.maxBufferSize === undefined
    ? []
    : [
        ['largest buffer', bytes(limits.maxBufferSize)],
        ['largest binding', bytes(limits.maxStorageBufferBindingSize ?? 0)],
        ['largest texture', `${limits.maxTextureDimension2D} px`],
        ['workgroup', `${limits.maxComputeInvocationsPerWorkgroup} invocations`],
        ['workgroup memory', `${limits.maxComputeWorkgroupStorageSize} bytes`],
      ]

const untuned = ({ engine }: EngineInfo): string =>
  engine === 'webgpu' ? 'estimates; collapse bench tune measures' : ''

/** The report as lines of name and value. */
const showReport = (report: Report): string => {
  const { passed, maxRelativeError, tolerance } = report.selfTest
  const error = `relative error ${maxRelativeError.toExponential(1)}, at most ${tolerance}`
  const lines: ReadonlyArray<readonly [string, string]> = [
    ['engine', report.engine],
    ['adapter', report.adapter],
    ['driver', report.driver],
    ['vendor', report.vendor],
    ['kernels', FAMILIES[report.family]],
    ['precision', report.precision],
    ['tuning', report.tuned ? 'measured on this adapter' : untuned(report)],
    ['features', report.features.filter(f => f === 'subgroups' || f === 'shader-f16').join(', ')],
    ...limitLines(report),
    [
      'versions',
      Object.entries(report.versions)
        .map(entry => entry.join(' '))
        .join(', '),
    ],
    ['self-test', `${passed ? 'passed' : 'FAILED'} (${error})`],
    ...(report.advice === null ? [] : [['advice', report.advice] as const]),
  ]
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(18)}${value}`)
    .join('\n')
}

/** Reports on the engine; failed where the self-test is. */
export const runDoctor: Run<unknown> = (_flags, session) =>
  pipe(
    session.withEngine(engine =>
      pipe(
        selfTest(engine),
        TE.map(tested => ({ info: engine.info, tested })),
      ),
    ),
    TE.bind('advice', ({ info }) => adviceFor(session, info)),
    TE.map(({ info, tested, advice }) => {
      const report: Report = {
        version: 1,
        ...info,
        versions: versions(),
        selfTest: tested,
        advice,
      }
      session.print(session.common.json ? JSON.stringify(report, null, 2) : showReport(report))
      return tested.passed ? 'done' : 'failed'
    }),
  )
