import { formatUsd } from '../../contract/format-usd.ts'
import type { ProviderRecord } from '../../contract/provider-history.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** Real and simulated providers under each other, by what they did and cost. */
export function printHistory(out: Terminal, records: readonly ProviderRecord[]): void {
  if (records.length === 0) {
    out.line('no calls')
    return
  }
  const columns = [
    { title: 'Service' },
    { title: 'Provider', flexible: true as const },
    { title: 'Calls', align: 'right' as const },
    { title: 'Documents', align: 'right' as const },
    { title: 'A document', align: 'decimal' as const },
    { title: 'A page, a million tokens', align: 'decimal' as const },
    { title: 'at real prices', align: 'decimal' as const },
    { title: 'p50 ≤', align: 'right' as const },
    { title: 'p95 ≤', align: 'right' as const },
    { title: 'Faults', align: 'right' as const },
  ]
  const rows = records.map(({ service, provider, simulated, calls, documents, perDocument, perUnits, measured }) => [
    { text: service },
    {
      text: printable(`${provider}${simulated ? ' (simulated)' : ''}`),
      ...(simulated && { paint: out.colors.yellow }),
    },
    { text: String(calls) },
    { text: String(documents) },
    { text: usd(perDocument?.costNanoUsd) },
    { text: usd(perUnits?.costNanoUsd) },
    { text: usd(perUnits?.shadowNanoUsd) },
    { text: ms(measured?.latencyMs?.p50) },
    { text: ms(measured?.latencyMs?.p95) },
    { text: measured ? `${measured.faults} of ${measured.calls}` : '–' },
  ])
  printTable(out, columns, rows)
}

function usd(nanoUsd: string | undefined): string {
  return nanoUsd === undefined ? '–' : formatUsd(BigInt(nanoUsd))
}

function ms(latencyMs: number | undefined): string {
  return latencyMs === undefined ? '–' : `${latencyMs} ms`
}
