import type { Command } from 'commander'
import type { ProviderHealth } from '../../contract/provider-health.ts'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

export function addProviders(program: Command, run: RunAction): void {
  program
    .command('providers')
    .summary('how each provider is')
    .description('Shows how the calls of the last minute to each provider went; nothing is called to find out.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const { providers } = await useServer(invocation, { workers: false }, client => client.providers())
        printResult(invocation, { providers }, () => printProviders(invocation.out, providers))
        return exitCodes.ok
      }),
    )
}

function printProviders(out: Terminal, providers: readonly ProviderHealth[]): void {
  if (providers.length === 0) out.line('no provider has been called yet')
  const { green, yellow, red } = out.colors
  const paint = { closed: green, half_open: yellow, open: red }
  const words = { closed: 'well', half_open: 'is being tried', open: 'ill' }
  const columns = [
    { title: 'Provider' },
    { title: 'State' },
    { title: 'Calls/min', align: 'right' as const },
    { title: 'Faults', align: 'right' as const },
    { title: 'Limited', align: 'right' as const },
    { title: 'Retries', align: 'right' as const },
    { title: 'p50 ≤', align: 'right' as const },
    { title: 'p95 ≤', align: 'right' as const },
  ]
  const rows = providers.map(({ provider, state, calls, faults, limited, retries, latencyMs }) => [
    { text: printable(provider) },
    { text: words[state], paint: paint[state] },
    { text: String(calls) },
    { text: String(faults) },
    { text: String(limited) },
    { text: String(retries) },
    { text: latencyMs ? `${latencyMs.p50} ms` : '–' },
    { text: latencyMs ? `${latencyMs.p95} ms` : '–' },
  ])
  printTable(out, columns, rows)
  for (const { provider, state, reason, retryAt, limitedUntil } of providers) {
    if (state !== 'closed' && reason) {
      const again = retryAt ? ` It is tried again at ${formatTime(retryAt)}.` : ''
      out.line(`${printable(provider)}: ${printable(reason)}.${again}`)
    }
    if (limitedUntil)
      out.line(`${printable(provider)} takes nothing until ${formatTime(limitedUntil)}, by its own word.`)
  }
}
