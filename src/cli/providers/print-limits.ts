import type { AccountLimits } from '../../contract/provider-limits.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** A line for each limit of each account, and when a closed or full one takes a request again. */
export function printLimits(out: Terminal, accounts: readonly AccountLimits[]): void {
  if (accounts.every(({ limits }) => limits.length === 0)) {
    out.line('no limit is known yet; providers tell theirs with their first answers')
    return
  }
  const columns = [
    { title: 'Account', flexible: true as const },
    { title: 'Limit' },
    { title: 'Used', align: 'right' as const },
    { title: 'Of', align: 'right' as const },
    { title: 'Room', align: 'right' as const },
    { title: 'Takes a request' },
  ]
  const rows = accounts.flatMap(account =>
    account.limits.map(({ unit, spanSeconds, used, limit, room }) => [
      { text: printable(nameOf(account)) },
      { text: `${unit} in ${spanSeconds} s` },
      { text: used.toLocaleString('en-US') },
      { text: limit.toLocaleString('en-US') },
      { text: room.toLocaleString('en-US'), paint: room > 0 ? out.colors.green : out.colors.red },
      { text: account.freeAt === null ? 'now' : formatTime(account.freeAt) },
    ]),
  )
  printTable(out, columns, rows)
}

function nameOf({ provider, model, key, simulated }: AccountLimits): string {
  return [provider, model, simulated ? '(simulated)' : `key ${key}…`].filter(part => part !== null).join(' ')
}
