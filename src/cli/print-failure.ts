import type { AppError } from '../contract/failure.ts'
import { CliFailure } from './cli-failure.ts'
import { printable } from './text/printable.ts'
import type { Terminal } from './text/terminal.ts'

/** What went wrong, what to do about it, and how to find it in the server's log. */
export function printFailure(err: Terminal, failure: AppError): void {
  const { red, bold, dim } = err.colors
  const correlationId = failure instanceof CliFailure ? failure.correlationId : null
  err.line(`${red(bold('error:'))} ${printable(failure.message)}`)
  err.line(`what to do: ${printable(failure.action)}`)
  err.line(dim(`(${[failure.code, correlationId].filter(part => part !== null).join(', ')})`))
}
