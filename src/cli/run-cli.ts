import { CommanderError } from 'commander'
import { asAppError } from '../contract/failure.ts'
import type { CliIo } from './cli-io.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Invocation, RunAction } from './invocation.ts'
import { printFailure } from './print-failure.ts'
import { buildProgram } from './program.ts'
import { openTerminal } from './text/terminal.ts'

/**
 * Runs one command line. `argv` starts with the first argument of the user. Answers the exit code: 0 all good, 1 something
 * failed, 2 wrong usage, 3 no server or no access, 4 not found, 5 something waits for money, 130 interrupted. Prints its failures;
 * throws none.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: ExitCode = exitCodes.ok
  const run: RunAction = async (command, act) => {
    exitCode = await runAction(io, command.optsWithGlobals<GlobalOptions>(), act)
  }
  try {
    await buildProgram(io, run).parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUsage
    printFailure(openTerminal(io.stderr, !argv.includes('--no-color'), io.env), asAppError(error))
    return exitCodes.somethingFailed
  }
}

async function runAction(
  io: CliIo,
  global: GlobalOptions,
  act: (invocation: Invocation) => Promise<ExitCode>,
): Promise<ExitCode> {
  const out = openTerminal(io.stdout, global.color, io.env)
  const err = openTerminal(io.stderr, global.color, io.env)
  const interrupt = new AbortController()
  const stopListening = io.onInterrupt(() => {
    if (interrupt.signal.aborted) io.exit(exitCodes.interrupted)
    interrupt.abort()
  })
  try {
    const exitCode = await act({ io, global, out, err, signal: interrupt.signal })
    return interrupt.signal.aborted ? exitCodes.interrupted : exitCode
  } catch (error) {
    if (interrupt.signal.aborted) {
      err.line('interrupted')
      return exitCodes.interrupted
    }
    const failure = asAppError(error)
    printFailure(err, failure)
    return exitCodeOf(failure.code)
  } finally {
    stopListening()
  }
}
