import type { Alert } from '../../contract/alert.ts'
import { alertFacts } from '../../contract/alert-kind.ts'
import type { RuleView } from '../../contract/alert-rule.ts'
import { alertWords } from '../../contract/alert-words.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** A line per alert, newest first, and below what to do about those that last. */
export function printAlerts(out: Terminal, alerts: readonly Alert[]): void {
  if (alerts.length === 0) {
    out.line('no alerts')
    return
  }
  const { dim, red, yellow, green } = out.colors
  const columns: Column[] = [
    { title: 'At' },
    { title: 'Tenant' },
    { title: 'State' },
    { title: 'What', flexible: true },
  ]
  const rows = alerts.map(alert => [
    { text: formatTime(alert.at), paint: dim },
    { text: alert.tenantId === '*' ? 'all (*)' : printable(alert.tenantId) },
    { text: stateWords(alert), ...(alert.lasts && { paint: alert.recoveredAt === null ? red : green }) },
    { text: printable(alertWords(alert)), paint: alert.severity === 'critical' ? red : yellow },
  ])
  printTable(out, columns, rows)
  const lasting = new Set(alerts.filter(isOpen).map(alert => alert.kind))
  for (const kind of lasting) out.line(dim(`${kind}: ${alertFacts[kind].action}`))
}

const isOpen = ({ lasts, recoveredAt }: Alert) => lasts && recoveredAt === null

function stateWords({ lasts, recoveredAt }: Alert): string {
  if (!lasts) return '–'
  return recoveredAt === null ? 'lasts' : `over ${formatTime(recoveredAt)}`
}

/** A line per rule. */
export function printRules(out: Terminal, rules: readonly RuleView[]): void {
  const columns: Column[] = [
    { title: 'Rule' },
    { title: 'Above', align: 'right' },
    { title: 'For', align: 'right' },
    { title: 'Over after', align: 'right' },
    { title: 'Again after', align: 'right' },
    { title: 'Now' },
    { title: 'Looks at', flexible: true },
  ]
  printTable(out, columns, rules.map(ruleRow))
}

function ruleRow(rule: RuleView) {
  const { ruleId, threshold, unit, isOn, lasting, isDefault, about } = rule
  const above = unit === null ? '–' : unit === 'percent' ? `${threshold} %` : `${threshold} s`
  const now = isOn ? (lasting > 0 ? `${lasting} last` : 'well') : 'off'
  return [
    { text: isDefault ? ruleId : `${ruleId} *` },
    { text: above },
    { text: `${rule.forSeconds} s` },
    { text: `${rule.recoverSeconds} s` },
    { text: `${rule.cooldownSeconds} s` },
    { text: now },
    { text: about },
  ]
}
