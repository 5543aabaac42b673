// The frame of commands: flags decoded, endings as exit codes, engines closed whatever happens, crashes on one line.
import { Command } from 'commander'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CommandSpec, register, type Run } from '../../cli/run.ts'
import { fromText, optional, wholeFrom } from '../../src/codec/field.ts'
import { type Fault, failure, fault } from '../../src/core/fault.ts'
import { f32 } from '../../src/core/aval.ts'
import type { Engine } from '../../src/device/engine.ts'

const test = suite('the frame of commands')

const Flags = t.type({ size: optional(fromText(wholeFrom(1))), what: t.string })
type Flags = t.TypeOf<typeof Flags>

const call = async (run: Run<Flags>, ...argv: ReadonlyArray<string>) => {
  let [code, stdout, stderr] = [-1, '', '']
  const spec: CommandSpec<Flags> = {
    name: 'try <what>',
    summary: 'tries',
    flags: [['--size <n>', 'a size', '3']],
    codec: Flags,
    run: async () => run,
  }
  const program = new Command().exitOverride()
  register(program, {
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
    terminal: null,
    end: ended => {
      code = ended
    },
  })(spec)
  await program.parseAsync(['try', 'it', ...argv], { from: 'user' })
  return { code, stdout, stderr }
}

test('gives flags and arguments decoded, and the common ones with their defaults', async () => {
  const seen: Array<unknown> = []
  const run: Run<Flags> = (flags, { common, print }) => {
    seen.push(flags, common.device, common.seed, common.json)
    print('out')
    return TE.right('done')
  }
  assert.equal(await call(run, '--size', '4'), { code: 0, stdout: 'out\n', stderr: '' })
  assert.equal(seen, [{ size: 4, what: 'it' }, 'auto', undefined, false])
})

test('turns endings and faults into exit codes, a fault into one line', async () => {
  assert.is((await call(() => TE.right('failed'))).code, 1)
  assert.is((await call(() => TE.right('interrupted'))).code, 130)
  const bad = await call(() => TE.left(fault('w', 'x', 'y')))
  assert.equal(bad, { code: 2, stdout: '', stderr: 'collapse: x: w; y\n' })
  assert.is((await call(() => TE.left(failure('w', 'x', 'y')))).code, 1)
})

test('does not run with flags that do not decode', async () => {
  let ran = false
  const run: Run<Flags> = () => {
    ran = true
    return TE.right('done')
  }
  const { code, stderr } = await call(run, '--size', '0')
  assert.equal([code, ran], [2, false])
  assert.is(stderr, 'collapse: --size: "0" given; give a whole number of 1 or more\n')
})

test('puts a crash on one line, and its stack under --debug', async () => {
  const crash: Run<Flags> = () => () => Promise.reject(new Error('out of\nluck'))
  const { code, stderr } = await call(crash)
  assert.is(code, 1)
  assert.is(stderr, 'collapse: out of luck; this is a bug: --debug shows where\n')
  assert.match(
    (await call(crash, '--debug')).stderr,
    /^collapse: out of luck\n[\s\S]*run\.test\.ts/,
  )
})

test('closes the engine after success, failure and crash', async () => {
  const uses: ReadonlyArray<(engine: Engine) => TE.TaskEither<Fault, 'done'>> = [
    () => TE.right('done'),
    () => TE.left(failure('w', 'x', 'y')),
    () => () => Promise.reject(new Error('crash')),
  ]
  for (const [i, use] of uses.entries()) {
    let kept: Engine | undefined
    const run: Run<Flags> = (_flags, { withEngine }) =>
      withEngine(engine => {
        kept = engine
        return async () => {
          await engine.put('x', f32(8))()
          assert.is(engine.heldBytes(), 32)
          return use(engine)()
        }
      })
    const { code, stderr } = await call(run, '--device', 'cpu')
    assert.is(code, i === 0 ? 0 : 1)
    assert.match(stderr, /^engine: cpu on /)
    assert.is(kept?.heldBytes(), 0)
  }
})

test('falls back to f32 with one line where f16 cannot be had', async () => {
  const run: Run<Flags> = (_flags, { withEngine, print }) =>
    withEngine(({ info }) => {
      print(info.precision)
      return TE.right('done' as const)
    })
  const { code, stdout, stderr } = await call(run, '--device', 'cpu', '--precision', 'f16')
  assert.equal([code, stdout], [0, 'f32\n'])
  assert.match(stderr, /^f16: .* has no matrix units for it; f32 is used\nengine: cpu on [^\n]*\n$/)
  assert.not.match((await call(run, '--device', 'cpu')).stderr, /f16/)
})

test('writes no logs and no progress with --quiet', async () => {
  const run: Run<Flags> = (_flags, { withEngine, progress }) => {
    progress.log('hello')
    return withEngine(() => TE.right('done' as const))
  }
  assert.is((await call(run, '--device', 'cpu', '--quiet')).stderr, '')
  assert.match((await call(run, '--device', 'cpu')).stderr, /^hello\nengine: cpu/)
})

test.run()
