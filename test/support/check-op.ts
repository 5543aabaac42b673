// checkOp: an op's shaders against its reference kernels, and its gradient against finite differences.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dot } from '../../kernels/scale-by.ts'
import { add } from '../../kernels/add.ts'
import { type Aval, type Data, showAval, sizeOf } from '../../src/core/aval.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply, applyAll, type Op, primitive } from '../../src/core/op.ts'
import { type Program, type Roots, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import type { Engine, Named } from '../../src/device/engine.ts'
import type { Unary } from '../../src/nn/elementwise.ts'
import { grad } from '../../src/nn/gradient.ts'
import { differsAt } from './close-to.ts'
import { type Contents, contentsOf } from './contents.ts'
import { gradientFault } from './differences.ts'
import { done, engineOf, nativeEngine, right, useEngines } from './engines.ts'

/** How to check an op. */
export interface Checks<A> {
  readonly attrs: A
  /** Operand shapes of each site to try; tell the edges: 1, a tile less one, a tile, a tile and one. */
  readonly shapes: ReadonlyArray<ReadonlyArray<Aval>>
  /** Contents by operand; standard normal where left out. */
  readonly operands?: ReadonlyArray<Contents | undefined>
  /** Largest difference between shader and reference, in units of a result's largest element; 1e-5 where left out. */
  readonly tolerance?: number
  /** Operands whose gradient is checked; all f32 ones where left out, `[]` for an op without gradient. */
  readonly gradients?: ReadonlyArray<number>
  /** Results that a gradient may start from; all f32 ones where left out. */
  readonly ports?: ReadonlyArray<number>
  /** Kernel families to run beside the adapter's own. */
  readonly families?: ReadonlyArray<Family>
}

interface Case<A> {
  readonly op: Op<A>
  readonly checks: Checks<A>
  readonly ins: ReadonlyArray<Aval>
  readonly data: ReadonlyArray<Data>
  readonly args: ReadonlyArray<Value>
  readonly results: ReadonlyArray<Value>
}

const caseOf = <A>(op: Op<A>, checks: Checks<A>, ins: ReadonlyArray<Aval>): Case<A> => {
  const data = ins.map((aval, i) => contentsOf(checks.operands?.[i], aval, `${op.name} ${i}`))
  const args = ins.map((aval, i) => arg(`x${i}`, aval))
  return { op, checks, ins, data, args, results: applyAll(op, checks.attrs)(...args) }
}

const traced = (roots: Roots): Program => right(trace(roots), showShapeErrors)

const runOn = async (engine: Engine, program: Program, named: Named): Promise<Named> => {
  const names = program.args.map(({ name }) => name)
  try {
    for (const { name, id } of program.args) {
      const aval = program.avals[id]
      if (aval !== undefined) await done(engine.put(name, aval, named[name]))
    }
    const executable = await done(engine.load(program))
    await done(executable.run({}))
    const outputs = await done(executable.outputs)
    executable.release()
    return outputs
  } finally {
    engine.drop(names)
  }
}

const enginesFor = async (families: ReadonlyArray<Family>): Promise<ReadonlyArray<Engine>> => {
  const engines = await Promise.all([nativeEngine(), ...families.map(engineOf)])
  return [...new Set(engines)].filter(engine => engine !== null)
}

const agree = async <A>({ checks }: Case<A>, program: Program, named: Named): Promise<Named> => {
  const expected = interpret(program, named).outputs
  for (const engine of await enginesFor(checks.families ?? [])) {
    const actual = await runOn(engine, program, named)
    for (const [name, reference] of Object.entries(expected)) {
      const exact = reference instanceof Uint32Array
      const fault = differsAt(
        actual[name] ?? new Float32Array(0),
        reference,
        exact ? 0 : (checks.tolerance ?? 1e-5),
      )
      if (fault !== null) assert.unreachable(`${name} on ${engine.info.family}: ${fault}`)
    }
  }
  return expected
}

const operandsOf = <A>({ data }: Case<A>): Named =>
  Object.fromEntries(data.map((d, i) => [`x${i}`, d]))

const checkForward = async <A>(site: Case<A>): Promise<void> => {
  const outputs = Object.fromEntries(site.results.map((value, port) => [`result ${port}`, value]))
  await agree(site, traced({ outputs }), operandsOf(site))
}

const f32Indices = (avals: ReadonlyArray<Aval>): ReadonlyArray<number> =>
  avals.flatMap((aval, i) => (aval.dtype === 'f32' ? [i] : []))

/** Operands to differentiate by, and the random cotangents of the results that count. */
const directions = <A>({ op, checks, ins, results }: Case<A>) => {
  const avals = results.map(({ aval }) => aval)
  const ports = checks.ports ?? f32Indices(avals)
  return {
    wanted: checks.gradients ?? f32Indices(ins),
    cotangents: avals.map((aval, port) =>
      ports.includes(port) ? contentsOf(undefined, aval, `${op.name} cotangent ${port}`) : null,
    ),
  }
}

const projection = <A>({ results }: Case<A>, cotangents: ReadonlyArray<Data | null>): Value => {
  const terms = results.flatMap((value, port) =>
    cotangents[port] === null ? [] : [apply(dot, null)(value, arg(`c${port}`, value.aval))],
  )
  return terms.reduce((a, b) => apply(add, null)(a, b))
}

const checkGradient = async <A>(site: Case<A>): Promise<void> => {
  const { wanted, cotangents } = directions(site)
  const loss = projection(site, cotangents)
  const gradients = grad(
    loss,
    wanted.flatMap(i => site.args[i] ?? []),
  )
  const outputs = gradients.flatMap((g, k): ReadonlyArray<readonly [string, Value]> => {
    if (O.isNone(g)) return assert.unreachable(`operand ${wanted[k]} has no gradient`) ?? []
    return [[`gradient ${wanted[k]}`, g.value]]
  })
  const seeds = cotangents.flatMap((c, port) => (c === null ? [] : [[`c${port}`, c] as const]))
  const named = { ...operandsOf(site), ...Object.fromEntries(seeds) }
  const found = await agree(site, traced({ outputs: Object.fromEntries(outputs) }), named)
  const { oracle } = right(primitive(site.op, site.checks.attrs)(site.ins))
  for (const i of wanted) {
    const gradient = found[`gradient ${i}`] ?? new Float32Array(0)
    assert.is(gradient.length, sizeOf(site.ins[i] ?? { dtype: 'f32', shape: [0] }))
    const fault = gradientFault({ f: oracle, ins: site.data, cotangents }, i, gradient)
    if (fault !== null) assert.unreachable(fault)
  }
}

/**
 * Registers and runs a suite that checks an op at each of the given shapes: its shaders, and those of its gradient,
 * against the reference kernels on every WebGPU engine at hand, and the gradient against finite differences.
 * Takes the op record, or the function from attributes to op and attributes that `elementwise` takes.
 */
export const checkOp = <A>(checked: Op<A> | ((attrs: A) => Unary<A>), checks: Checks<A>): void => {
  const op = typeof checked === 'function' ? checked(checks.attrs).op : checked
  const test = suite(`checkOp ${op.name} ${JSON.stringify(checks.attrs)}`)
  const close = useEngines()
  test.before(async () => {
    if ((await nativeEngine()) === null) console.log('no WebGPU adapter: shaders are not run')
  })
  test.after(close)
  for (const ins of checks.shapes) {
    const where = ins.map(showAval).join(', ')
    test(`${where}: shaders agree with the reference`, () => checkForward(caseOf(op, checks, ins)))
    if (checks.gradients?.length !== 0) {
      test(`${where}: the gradient agrees with differences`, () =>
        checkGradient(caseOf(op, checks, ins)))
    }
  }
  test.run()
}
