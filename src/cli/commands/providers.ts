import type { Command } from 'commander'
import type { ProviderHealth } from '../../contract/provider-health.ts'
import { usageFailure } from '../cli-failure.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { printHistory } from '../providers/print-history.ts'
import { printLimits } from '../providers/print-limits.ts'
import { useServer } from '../server/use-server.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

interface Flags {
  limits?: true
  days?: number
}

export function addProviders(program: Command, programName: string, run: RunAction): void {
  program
    .command('providers')
    .summary('how each provider is')
    .description('Shows how the calls of the last minute to each provider went; nothing is called to find out.')
    .option('--limits', 'the room in their rate limits, as all processes see it')
    .option(
      '--days <n>',
      'what they did in the last n days and what it cost, real beside simulated',
      wholeNumber(1, 400),
    )
    .addHelpText(
      'after',
      examples(programName, [
        ['providers', 'the last minute'],
        ['providers --days 30', 'what did a page cost, and how long did it take?'],
      ]),
    )
    .action((flags: Flags, command: Command) => run(command, invocation => show(invocation, flags)))
}

async function show(invocation: Invocation, { limits, days }: Flags): Promise<ExitCode> {
  if (limits && days !== undefined)
    throw usageFailure('Both --limits and --days are given.', 'Give one, or none for the last minute.')
  const { out } = invocation
  await useServer(invocation, { workers: false }, async client => {
    if (limits) {
      const report = await client.providerLimits()
      printResult(invocation, report, () => printLimits(out, report.accounts))
    } else if (days !== undefined) {
      const to = Date.now()
      const span = { from: new Date(to - days * 86_400_000).toISOString(), to: new Date(to).toISOString() }
      const report = await client.providerHistory(span)
      printResult(invocation, report, () => printHistory(out, report.records))
    } else {
      const report = await client.providers()
      printResult(invocation, report, () => printProviders(out, report.providers))
    }
  })
  return exitCodes.ok
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
