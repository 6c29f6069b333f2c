import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'

/** --tenant says whose alerts are meant; it does not choose the data. */
const wish = { workers: false, tenantDecidesNothing: true }

interface Question<T> {
  ask(client: SluiceClient, invocation: Invocation): Promise<T>
  show(result: T, invocation: Invocation): void
  exitCode?(result: T): ExitCode
}

/** A command that asks the server, and shows the answer in words or as JSON. */
export function askAboutAlerts<T extends object>(
  run: RunAction,
  command: Command,
  { ask, show, exitCode }: Question<T>,
): Promise<void> {
  return run(command, async invocation => {
    const result = await useServer(invocation, wish, client => ask(client, invocation))
    printResult(invocation, result, () => show(result, invocation))
    return exitCode?.(result) ?? exitCodes.ok
  })
}
