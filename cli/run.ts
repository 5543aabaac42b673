// The frame around every command: flags decoded, engine opened and closed, endings turned into exit codes.
import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type * as t from 'io-ts'
import { asFlag, decodeWith, type NamePlace } from '../src/codec/decode.ts'
import type { DeviceTuning } from '../src/core/dispatch.ts'
import { type Fault, fault } from '../src/core/fault.ts'
import type { Engine, EngineOptions } from '../src/device/engine.ts'
import type { Profile } from '../src/device/profile.ts'
import { codeOf, crashLines, type Ending, faultLine } from './exit.ts'
import { addFlags, Common, commonLines, type FlagLine, tuningFolder } from './flags.ts'
import { type Interruption, watchInterruption } from './interruption.ts'
import { barProgress, plainProgress, type Progress, type Screen, silent } from './progress.ts'

type SaveProfiles = (profiles: ReadonlyArray<Profile>) => TE.TaskEither<Fault, void>

/** What a command may do to the world around it. */
export interface Session {
  readonly common: Common
  /** Writes a result to stdout, with a line break at its end. */
  readonly print: (text: string) => void
  /** Where the time went, and the trace in the file of `--profile`; nothing without the flag. */
  readonly saveProfiles: SaveProfiles
  readonly progress: Progress
  /** Watches for Ctrl-C from the first call on; loops ask it at each step. */
  readonly interruption: () => Interruption
  /**
   * Opens the engine that `--device` names, says which, and closes it whatever happens. Validation and bounds checks
   * are on only where shaders run that are not ours.
   */
  readonly withEngine: <A>(
    use: (engine: Engine) => TE.TaskEither<Fault, A>,
    options?: { readonly checked: boolean },
  ) => TE.TaskEither<Fault, A>
}

/** What a command does with its decoded flags. */
export type Run<F> = (flags: F, session: Session) => TE.TaskEither<Fault, Ending>

/** A command as data. `run` imports the command's own modules, so that `--help` need not load them. */
export interface CommandSpec<F> {
  /** The name, and its arguments: `reproduce <what>`. */
  readonly name: string
  readonly summary: string
  readonly flags: ReadonlyArray<FlagLine>
  /** Decodes flags (camelCase) and arguments (by their name) from commander's texts. */
  readonly codec: t.Decoder<unknown, F>
  readonly run: () => Promise<Run<F>>
  /** Printed below the help: examples. */
  readonly more?: string
}

/** The process as commands see it; tests give another. */
export interface Context {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** The stream of the progress bar, or null where stderr is no terminal. */
  readonly terminal: NodeJS.WritableStream | null
  readonly end: (code: number) => void
}

const progressOf = (context: Context, quiet: boolean): Progress => {
  const now = (): number => performance.now() / 1000
  const screen: Screen = { write: context.stderr, now }
  if (quiet) return silent
  return context.terminal === null ? plainProgress(screen) : barProgress(screen, context.terminal)
}

/** The measurements of adapters that are kept; the cpu engine needs none. */
const tuningsFor = async (
  device: Common['device'],
  say: (line: string) => void,
): Promise<ReadonlyArray<DeviceTuning>> =>
  device === 'cpu'
    ? []
    : (await import('./tuning.ts')).readTunings(tuningFolder(process.env), say)()

/** Opens the engine that the flags name; f16 only after its self-test, and with a line where it cannot be had. */
const openAs =
  (common: Common, say: (line: string) => void) =>
  (options: EngineOptions): TE.TaskEither<Fault, Engine> =>
    pipe(
      TE.fromTask(async () => ({
        moves: (await import('../kernels/moves.ts')).moves,
        tunings: await tuningsFor(common.device, say),
        open: (await import('../src/device/open.ts')).openEngine,
        precise: common.precision === 'f16' ? await import('./precise.ts') : null,
      })),
      TE.chain(({ moves, tunings, open, precise }) => {
        const all = { ...options, tunings }
        return precise === null
          ? open(common.device, moves, all)
          : precise.openHalves(common.device, all, say)
      }),
    )

const engineLine = ({ info }: Engine): string =>
  `engine: ${info.engine} on ${info.adapter}${info.precision === 'f16' ? ', f16 products' : ''}`

/** Profiles go to stdout, with `--json` to stderr. */
const profileSaver =
  (context: Context, { json, profile }: Common): SaveProfiles =>
  profiles =>
    profile === undefined
      ? TE.right(undefined)
      : pipe(
          TE.fromTask(() => import('./save-profile.ts')),
          TE.chain(({ saveProfiles }) => saveProfiles(profiles, profile)),
          TE.map(table => (json ? context.stderr : context.stdout)(`${table}\n`)),
        )

const profilable = ({ info }: Engine, { profile }: Common): E.Either<Fault, void> =>
  profile !== undefined && info.engine === 'cpu'
    ? E.left(fault('the cpu engine makes no profile', '--profile', 'use --device webgpu'))
    : E.right(undefined)

const opener =
  (common: Common, progress: Progress, saveProfiles: SaveProfiles): Session['withEngine'] =>
  (use, options = { checked: false }) =>
    pipe(
      { ...options, profile: common.profile !== undefined },
      openAs(common, progress.log),
      TE.chain(engine => async () => {
        progress.log(engineLine(engine))
        try {
          return await pipe(
            TE.fromEither(profilable(engine, common)),
            TE.chain(() => use(engine)),
            TE.chainFirst(() => saveProfiles(engine.profiles())),
          )()
        } finally {
          engine.close()
        }
      }),
    )

interface Opened extends Session {
  readonly isProfiled: () => boolean
  readonly end: () => void
}

const sessionOf = (context: Context, common: Common): Opened => {
  const progress = progressOf(context, common.quiet)
  let watch: Interruption | undefined
  const watched = (): Interruption => {
    watch ??= watchInterruption(process, () => {
      progress.log('stopping after this step; Ctrl-C again quits at once')
    })
    return watch
  }
  let profiled = false
  const save = profileSaver(context, common)
  const saveProfiles: SaveProfiles = profiles => {
    profiled = true
    return save(profiles)
  }
  return {
    common,
    print: text => context.stdout(`${text}\n`),
    progress,
    interruption: watched,
    saveProfiles,
    withEngine: opener(common, progress, saveProfiles),
    isProfiled: () => profiled,
    end: () => watch?.release(),
  }
}

/** Flags by their key, arguments by their name. */
const placeIn =
  (command: Command): NamePlace =>
  path =>
    command.registeredArguments.some(a => a.name() === path[0])
      ? `${command.name()} <${path[0]}>`
      : asFlag(path)

const rawOf = (command: Command): Readonly<Record<string, unknown>> => ({
  ...command.opts(),
  ...Object.fromEntries(command.registeredArguments.map((a, i) => [a.name(), command.args[i]])),
})

const decoded = <F>(
  spec: CommandSpec<F>,
  command: Command,
): E.Either<Fault, { readonly common: Common; readonly flags: F }> => {
  const mend = `see collapse ${command.name()} --help`
  const decode = <A>(codec: t.Decoder<unknown, A>): E.Either<Fault, A> =>
    decodeWith(codec, placeIn(command), mend)(rawOf(command))
  return pipe(
    decode(Common),
    E.chain(common =>
      pipe(
        decode(spec.codec),
        E.map(flags => ({ common, flags })),
      ),
    ),
  )
}

const perform = async <F>(spec: CommandSpec<F>, command: Command, context: Context) => {
  const input = decoded(spec, command)
  if (E.isLeft(input)) {
    context.stderr(faultLine(input.left))
    return input.left.exit
  }
  const { common, flags } = input.right
  const session = sessionOf(context, common)
  try {
    const ended = await (await spec.run())(flags, session)()
    if (E.isRight(ended)) {
      if (common.profile !== undefined && !session.isProfiled()) {
        session.progress.log('no profile: nothing ran on a device')
      }
      return codeOf(ended.right)
    }
    context.stderr(faultLine(ended.left))
    return ended.left.exit
  } catch (error) {
    context.stderr(crashLines(error, common.debug))
    return 1
  } finally {
    session.end()
  }
}

/** Adds a command to the program; `context.end` gets its exit code. */
export const register =
  (program: Command, context: Context) =>
  <F>(spec: CommandSpec<F>): void => {
    const command = program.command(spec.name).description(spec.summary)
    addFlags(command, [...spec.flags, ...commonLines])
    if (spec.more !== undefined) command.addHelpText('after', `\n${spec.more}`)
    command.action(async () => context.end(await perform(spec, command, context)))
  }
