// The `collapse` command: parses the command line, runs one command, and exits with its code.
import { Command, CommanderError } from 'commander'
import { version } from '../package.json'
import { registerAdvise } from './advise.ts'
import { registerBench } from './bench.ts'
import { registerData } from './data.ts'
import { registerDoctor } from './doctor.ts'
import { crashLines } from './exit.ts'
import { registerMeasure } from './measure.ts'
import { registerModels } from './models.ts'
import { registerPredict } from './predict.ts'
import { registerProbe } from './probe.ts'
import { registerReproduce } from './reproduce.ts'
import type { Context } from './run.ts'
import { registerTrain } from './train.ts'
import { registerTransfer } from './transfer.ts'
import { registerWeights } from './weights.ts'

/** The program with all commands; nothing is parsed yet. */
const programOf = (context: Context): Command => {
  const program = new Command('collapse')
    .description('Measures neural collapse in vision networks and uses it to transfer them well')
    .version(version)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: context.stdout, writeErr: () => undefined })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed while running, 2 bad usage or input, 130 interrupted.',
    )
  registerDoctor(program, context)
  registerData(program, context)
  registerModels(program, context)
  registerPredict(program, context)
  registerMeasure(program, context)
  registerTrain(program, context)
  registerTransfer(program, context)
  registerProbe(program, context)
  registerAdvise(program, context)
  registerReproduce(program, context)
  registerWeights(program, context)
  registerBench(program, context)
  return program
}

/** Commander's own message as one line of ours. */
const usageLine = ({ message }: CommanderError, program: Command, argv: ReadonlyArray<string>) => {
  const said = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
  const command = program.commands.find(c => c.name() === argv[0])
  return `collapse: ${said}; see collapse ${command === undefined ? '' : `${argv[0]} `}--help\n`
}

/** Runs the command line; resolves to the exit code. */
export const main = async (argv: ReadonlyArray<string>, context: Omit<Context, 'end'>) => {
  let code = 0
  const program = programOf({
    ...context,
    end: ended => {
      code = ended
    },
  })
  if (argv.length === 0) {
    context.stdout(program.helpInformation())
    return code
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      context.stderr(crashLines(error, argv.includes('--debug')))
      return 1
    }
    if (error.exitCode === 0) return 0
    context.stderr(usageLine(error, program, argv))
    return 2
  }
  return code
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2), {
    stdout: text => process.stdout.write(text),
    stderr: text => process.stderr.write(text),
    terminal: process.stderr.isTTY ? process.stderr : null,
  })
}
