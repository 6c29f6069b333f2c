import type { Call } from '../../contract/call.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** Calls that may have been charged, oldest first, and what to do about them. `names` has the documents that are known by name. */
export function printDoubts(
  out: Terminal,
  calls: readonly Call[],
  names: ReadonlyMap<string, string>,
  programName: string,
): void {
  const [first] = calls
  if (first === undefined) {
    out.line('no calls in doubt: of every call it is known whether it was charged')
    return
  }
  printTable(
    out,
    columns,
    calls.map(call => cells(call, names, out)),
  )
  out.line()
  out.line('Such a call may have been charged, so its money stays held and it is not sent again by itself.')
  out.line("Look for it on the provider's bill, by its time and amount, and say what you found:")
  out.line(
    `  ${programName} costs resolve ${first.callId} --charged            (or --charged 0.05, if it was another amount)`,
  )
  out.line(`  ${programName} costs resolve ${first.callId} --not-charged        (its money is free again)`)
}

const columns: Column[] = [
  { title: 'Call id' },
  { title: 'Held at' },
  { title: 'Tenant' },
  { title: 'Service' },
  { title: 'By' },
  { title: 'Held', align: 'decimal' },
  { title: 'Would cost', align: 'decimal' },
  { title: 'Documents', flexible: true },
  { title: 'Note' },
]

function cells(call: Call, names: ReadonlyMap<string, string>, { colors }: Terminal): Cell[] {
  const documents = call.documentIds.map(id => names.get(id) ?? id)
  return [
    { text: call.callId },
    { text: formatTime(call.heldAt), paint: colors.dim },
    { text: printable(call.tenantId) },
    { text: call.service },
    { text: printable(`${call.provider} ${call.model}${call.simulated ? ' (simulated)' : ''}`) },
    { text: formatUsd(BigInt(call.heldNanoUsd)) },
    { text: formatUsd(BigInt(call.heldShadowNanoUsd)) },
    { text: printable(documents.join(', ') || '–') },
    { text: printable(call.note ?? ''), paint: colors.dim },
  ]
}
