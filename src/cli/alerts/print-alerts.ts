import type { Alert } from '../../contract/alert.ts'
import { formatUsd } from '../../contract/money.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

/** A line per alert, newest first. */
export function printAlerts(out: Terminal, alerts: readonly Alert[]): void {
  if (alerts.length === 0) {
    out.line('no alerts')
    return
  }
  const columns: Column[] = [{ title: 'At' }, { title: 'Tenant' }, { title: 'What', flexible: true }]
  const rows = alerts.map(alert => [
    { text: formatTime(alert.at), paint: out.colors.dim },
    { text: alert.tenantId === '*' ? 'all (*)' : printable(alert.tenantId) },
    {
      text: printable(alertWords(alert)),
      paint: alert.kind === 'budget_threshold' ? out.colors.yellow : out.colors.red,
    },
  ])
  printTable(out, columns, rows)
}

function alertWords({ kind, details }: Alert): string {
  const { budgetId, percent, capNanoUsd, usedNanoUsd, callId, service, provider, heldNanoUsd } = details
  const budget = `budget ${budgetId}${details.money === 'shadow' ? ' (shadow)' : ''}`
  const used = `${usd(usedNanoUsd)} of ${usd(capNanoUsd)} are spent or held`
  const call = `${service} call ${callId} at ${provider}`
  switch (kind) {
    case 'budget_threshold':
      return `${percent} % of ${budget}: ${used}`
    case 'budget_exhausted':
      return `${budget} had no room for a call: ${used}`
    case 'call_overrun':
      return `${call} cost ${usd(overrunOf(details))} more than was held for it`
    case 'call_in_doubt':
      return `${call} may have been charged ${usd(heldNanoUsd)}: see \`sluice costs doubts\``
    case 'call_stuck':
      return `${provider} did not finish job ${details.remoteId} in time, so it was given up`
    case 'vector_drift':
      return `the model of vector space ${details.spaceId} gives other vectors than before (cosine ${details.leastCosine}): \`sluice reembed\` into a new space`
    case 'provider_stopped':
      return details.code === 'provider_key_refused'
        ? `${provider} does not accept the key: work waits until it is corrected`
        : `${provider} has no credit left: work waits until there is some`
  }
}

/** A simulated call overruns in shadow money alone. */
function overrunOf({ overrunNanoUsd, overrunShadowNanoUsd }: Alert['details']): unknown {
  return overrunNanoUsd === '0' ? overrunShadowNanoUsd : overrunNanoUsd
}

function usd(nanoUsd: unknown): string {
  return typeof nanoUsd === 'string' && /^-?\d+$/.test(nanoUsd) ? formatUsd(BigInt(nanoUsd)) : '?'
}
