import type { AlertDelivery, Receiver, SendResult } from '../../contract/alert-receiver.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** A line per receiver. */
export function printReceivers(out: Terminal, receivers: readonly Receiver[]): void {
  if (receivers.length === 0) {
    out.line(
      'Nobody is told: `sluice alerts tell webhook <address>`, `… tell slack <address>` or `… tell email <address>`.',
    )
    return
  }
  const columns: Column[] = [
    { title: 'Receiver' },
    { title: 'Name' },
    { title: 'By' },
    { title: 'Address', flexible: true },
    { title: 'Alerts' },
    { title: 'Tenant' },
    { title: 'State' },
  ]
  printTable(
    out,
    columns,
    receivers.map(one => [
      { text: one.receiverId },
      { text: printable(one.name) },
      { text: one.kind },
      { text: printable(one.address) },
      { text: one.alertKinds === null ? 'all' : one.alertKinds.join(', ') },
      { text: one.tenantId === '*' ? 'all (*)' : printable(one.tenantId) },
      { text: receiverState(one), ...(one.dead > 0 && { paint: out.colors.red }) },
    ]),
  )
}

function receiverState({ isOn, offReason, pending, dead }: Receiver): string {
  const counts = [pending > 0 ? `${pending} pending` : '', dead > 0 ? `${dead} given up` : '']
  const words = [isOn ? '' : `off${offReason === null ? '' : `: ${offReason}`}`, ...counts].filter(word => word !== '')
  return words.length === 0 ? 'on' : words.join(', ')
}

/** A line per delivery. */
export function printDeliveries(out: Terminal, deliveries: readonly AlertDelivery[]): void {
  if (deliveries.length === 0) {
    out.line('no deliveries')
    return
  }
  const { green, red, yellow } = out.colors
  const paints = { delivered: green, pending: yellow, dead: red }
  const columns: Column[] = [
    { title: 'Delivery' },
    { title: 'Created' },
    { title: 'To' },
    { title: 'Alert' },
    { title: 'State' },
    { title: 'What came of it', flexible: true },
  ]
  printTable(
    out,
    columns,
    deliveries.map(one => [
      { text: one.deliveryId },
      { text: formatTime(one.createdAt) },
      { text: printable(one.receiverName) },
      { text: printable(`${one.kind} ${one.event}: ${one.subject}`) },
      { text: one.state === 'dead' ? 'given up' : one.state, paint: paints[one.state] },
      { text: printable(outcome(one)) },
    ]),
  )
}

function outcome({ attempts, lastStatus, lastFailure, nextAt }: AlertDelivery): string {
  if (attempts === 0) return 'not tried yet'
  const last = lastFailure ?? (lastStatus === null ? 'taken' : `answered with ${lastStatus}`)
  const next = nextAt === null ? '' : `; again ${formatTime(nextAt)}`
  return `attempt ${attempts}: ${last}${next}`
}

export function printTest(out: Terminal, { ok, status, failure, milliseconds }: SendResult): void {
  const { green, red } = out.colors
  const taken = status === null ? 'taken' : `answered with ${status}`
  out.line(ok ? green(`${taken}, after ${milliseconds} ms`) : red(`not taken: ${printable(failure ?? '?')}`))
}
