// Profiles for people and for chrome://tracing: where the time of a program's run goes.
import type { Profile } from '../device/profile.ts'
import { columns, type Column } from './text-layout.ts'
import { bytes, count, significant } from './format.ts'

/** Time of an op's calls in one run; `flops` of their products, `bytes` of their operands and results. */
export interface OpTime {
  readonly op: string
  readonly calls: number
  readonly ms: number
  readonly share: number
  readonly flops: number
  readonly bytes: number
}

const sum = (ns: ReadonlyArray<number>): number => ns.reduce((a, b) => a + b, 0)

/** Milliseconds of every call of a plan: those of its steps together. */
const callTimes = ({ plan, ms }: Profile): ReadonlyArray<number> => {
  const times = plan.calls.map(() => 0)
  plan.steps.forEach(({ call }, i) => {
    times[call] = (times[call] ?? 0) + (ms[i] ?? 0)
  })
  return times
}

/** A profile op by op, the slowest first. */
export const opTimes = (profile: Profile): ReadonlyArray<OpTime> => {
  const times = callTimes(profile)
  const total = sum(times)
  const { calls } = profile.plan
  return [...new Set(calls.map(({ op }) => op))]
    .map((op): OpTime => {
      const own = calls.flatMap((call, i) =>
        call.op === op ? [{ ...call, ms: times[i] ?? 0 }] : [],
      )
      const ms = sum(own.map(call => call.ms))
      return {
        op,
        calls: own.length,
        ms,
        share: total > 0 ? ms / total : 0,
        flops: sum(own.map(call => call.flops)),
        bytes: sum(own.map(call => call.bytes)),
      }
    })
    .sort((a, b) => b.ms - a.ms)
}

const rate = (amount: number, ms: number): string =>
  amount > 0 && ms > 0 ? significant(amount / ms / 1e6) : ''

const tableOf = (rows: ReadonlyArray<OpTime>): ReadonlyArray<string> => {
  const column = (title: string, side: Column['side'], cell: (row: OpTime) => string): Column => ({
    title,
    side,
    cells: rows.map(cell),
  })
  return columns([
    column('op', 'left', row => row.op),
    column('calls', 'right', row => count(row.calls)),
    column('ms', 'right', row => significant(row.ms)),
    column('share', 'right', row => `${(100 * row.share).toFixed(1)}%`),
    column('GFLOP/s', 'right', row => rate(row.flops, row.ms)),
    column('GB/s', 'right', row => rate(row.bytes, row.ms)),
    column('moves', 'right', row => bytes(row.bytes)),
  ])
}

/** Calls of ops that take next to no time are left out of the table. */
const leastShare = 1e-4

/** A table of each profile's ops: time, share, operations and bytes a second. */
export const formatProfiles = (profiles: ReadonlyArray<Profile>): string =>
  profiles
    .map(profile => {
      const rows = opTimes(profile)
      const ms = significant(sum(rows.map(row => row.ms)))
      const head = `one run, step by step: ${ms} ms in ${profile.plan.steps.length} steps, by the ${profile.clock}'s clock`
      return [head, '', ...tableOf(rows.filter(row => row.share >= leastShare))].join('\n')
    })
    .join('\n\n')

const eventsOf = ({ plan, ms }: Profile, pid: number): ReadonlyArray<object> => {
  let ts = 0
  return plan.steps.map((step, i) => {
    const dur = 1e3 * (ms[i] ?? 0)
    const { flops, bytes: moved } = plan.calls[step.call] ?? { flops: 0, bytes: 0 }
    const args = {
      call: step.call,
      flops,
      bytes: moved,
      ...(step._tag === 'Dispatch' ? { workgroups: step.workgroups } : { texels: step.texels }),
    }
    const event = { name: step.op, cat: step.label, ph: 'X', pid, tid: 1, ts, dur, args }
    ts += dur
    return event
  })
}

/** The profiles as a Chrome trace (chrome://tracing, ui.perfetto.dev): a process each, its steps one after the other. */
export const chromeTrace = (profiles: ReadonlyArray<Profile>): string =>
  JSON.stringify({
    displayTimeUnit: 'ms',
    traceEvents: profiles.flatMap((profile, pid) => [
      { name: 'process_name', ph: 'M', pid, args: { name: `program ${pid + 1}` } },
      ...eventsOf(profile, pid),
    ]),
  })
