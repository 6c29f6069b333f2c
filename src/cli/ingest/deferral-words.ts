import { formatUsd } from '../../contract/format-usd.ts'
import type { JobView } from '../../contract/job-view.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'

/** Why a deferred job waits and until when, in a few words that are safe to print; null for a job that is not deferred. */
export function deferralWords({ state, deferral }: Pick<JobView, 'state' | 'deferral'>): string | null {
  if (state !== 'deferred') return null
  switch (deferral?.reason) {
    case 'budget':
      return `waits for ${missingWords(deferral)}, until ${until(deferral, 'there is some')}`
    case 'in_doubt':
      return `waits since a call is in doubt, until ${until(deferral, 'it is resolved')}`
    case 'in_progress':
      return 'the same is being bought just now'
    case 'provider_stopped':
      return `waits since the provider takes nothing from us, which is tried again at ${until(deferral, 'any time')}`
    case 'provider_unhealthy':
      return 'waits until the provider is back, and goes on by itself then'
    case undefined:
      return 'waits'
  }
}

type Deferral = NonNullable<JobView['deferral']>

function missingWords({ missingNanoUsd, budget }: Deferral): string {
  const missing = missingNanoUsd === null ? 'money' : `${formatUsd(BigInt(missingNanoUsd))} more`
  return printable(`${missing} in budget ${budget?.budgetId ?? '?'}`)
}

function until({ resumesAt }: Deferral, event: string): string {
  return resumesAt ? formatTime(resumesAt) : event
}
