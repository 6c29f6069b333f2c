import type { AlertKind } from './alert-kind.ts'
import { formatUsd } from './format-usd.ts'

/** What an alert says, in a sentence without a full stop. */
export function alertWords({ kind, subject, details }: SaidAlert): string {
  return words[kind]?.(details, subject) ?? subject
}

export interface SaidAlert {
  kind: AlertKind
  subject: string
  details: Record<string, unknown>
}

type Details = Record<string, unknown>

const words: Record<AlertKind, (details: Details, subject: string) => string> = {
  budget_threshold: details => `${details.percent} % of ${budgetOf(details)}: ${usedOf(details)}`,
  budget_exhausted: details => `${budgetOf(details)} had no room for a call: ${usedOf(details)}`,
  call_overrun: details => `${callOf(details)} cost ${usd(overrunOf(details))} more than was held for it`,
  call_in_doubt: details => `${callOf(details)} may have been charged ${usd(details.heldNanoUsd)}`,
  call_stuck: ({ provider, remoteId }) => `${provider} did not finish job ${remoteId} in time, so it was given up`,
  provider_stopped: ({ code, provider }) =>
    code === 'provider_key_refused'
      ? `${provider} does not accept the key: work waits until it is corrected`
      : `${provider} has no credit left: work waits until there is some`,
  vector_drift: ({ spaceId, leastCosine }) =>
    `the model of vector space ${spaceId} gives other vectors than before (cosine ${leastCosine})`,
  queue_age: ({ value, threshold }, stage) =>
    `a job has waited for a worker at ${stage} for ${duration(value)}, more than ${duration(threshold)}`,
  error_rate: ({ value, failed, ended }) =>
    `${percent(value)} of the jobs of the last 15 minutes failed, ${failed} of ${ended}`,
  breaker_open: ({ reason }, provider) => `nothing is sent to ${provider}: it fails${reason ? ` (${reason})` : ''}`,
  forecast_above_cap: ({ value, expectedNanoUsd, capNanoUsd, windowEnd, ...budget }) =>
    `${budgetOf(budget)} will have spent about ${usd(expectedNanoUsd)} of ${usd(capNanoUsd)} by ${String(windowEnd).slice(0, 16)}Z: ${percent(value)}`,
  webhook_silence: ({ value }, provider) => `${provider} works for us and has sent no webhook for ${duration(value)}`,
  cost_drift: ({ value, driftNanoUsd }, provider) =>
    `the reports of ${provider} differ from the books of seven days by ${usd(driftNanoUsd)}, ${percent(value)}`,
  disk_full: ({ value, freeBytes }, host) =>
    `the disk of ${host} is ${percent(value)} full: ${(Number(freeBytes) / 2 ** 30).toFixed(1)} GiB are free`,
}

const budgetOf = ({ budgetId, money }: Details) =>
  `budget ${budgetId}${money === 'shadow' ? ' (by simulated costs)' : ''}`
const usedOf = ({ usedNanoUsd, capNanoUsd }: Details) => `${usd(usedNanoUsd)} of ${usd(capNanoUsd)} are spent or held`
const callOf = ({ service, callId, provider }: Details) => `${service} call ${callId} at ${provider}`

/** A simulated call overruns in shadow money alone. */
function overrunOf({ overrunNanoUsd, overrunShadowNanoUsd }: Details): unknown {
  return overrunNanoUsd === '0' ? overrunShadowNanoUsd : overrunNanoUsd
}

function usd(nanoUsd: unknown): string {
  return typeof nanoUsd === 'string' && /^-?\d+$/.test(nanoUsd) ? formatUsd(BigInt(nanoUsd)) : '?'
}

function percent(value: unknown): string {
  return `${Number(value).toFixed(Number(value) < 10 ? 1 : 0)} %`
}

function duration(value: unknown): string {
  const seconds = Math.round(Number(value))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`
}
