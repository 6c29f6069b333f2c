import type { Command } from 'commander'
import type { CliIo } from './cli-io.ts'
import type { ExitCode } from './exit-code.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Terminal } from './text/terminal.ts'

/** One call of a command: `out` is for its result, `err` for everything else; `signal` aborts at the first Ctrl-C. */
export interface Invocation {
  io: CliIo
  global: GlobalOptions
  out: Terminal
  err: Terminal
  signal: AbortSignal
}

/** Runs what a command does, and keeps its exit code. */
export type RunAction = (command: Command, act: (invocation: Invocation) => Promise<ExitCode>) => Promise<void>
