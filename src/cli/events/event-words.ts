import type { StreamedEvent } from '../../contract/event.ts'
import { formatUsd } from '../../contract/format-usd.ts'

type Data<Kind extends StreamedEvent['kind']> = Extract<StreamedEvent, { kind: Kind }>['data']

/** What happened, in a few words. */
export function eventWords(event: StreamedEvent): string {
  switch (event.kind) {
    case 'job':
      return words(event.data.stage, event.data.state, event.data.errorCode ?? event.data.deferralReason)
    case 'document':
      return event.data.change
    case 'decision':
      return words(event.data.service, event.data.outcome, event.data.provider, event.data.provisional && 'provisional')
    case 'ledger':
      return entryWords(event.data)
    case 'alert':
      return words(event.data.alert, event.data.change, event.data.subject)
    case 'delivery':
      return words(event.data.receiverId, event.data.event, event.data.state)
    case 'audit':
      return words(event.data.actor, event.data.action, event.data.subject)
    case 'provider':
      return words(event.data.provider, event.data.state, event.data.reason)
    case 'budget':
      return words(event.data.budgetId, event.data.change, formatUsd(BigInt(event.data.capNanoUsd)), event.data.period)
    case 'reembedding':
      return words(event.data.spaceId, event.data.state, event.data.errorCode)
  }
}

function entryWords({ entry, provider, simulated, ...amounts }: Data<'ledger'>): string {
  const { costNanoUsd, shadowNanoUsd, heldNanoUsd, heldShadowNanoUsd, avoidedNanoUsd, avoidedShadowNanoUsd } = amounts
  const told = (paid: string, shadow: string) =>
    paid === '0' && shadow !== '0' ? `${formatUsd(BigInt(shadow))} (shadow)` : formatUsd(BigInt(paid))
  const amount =
    entry === 'avoided'
      ? told(avoidedNanoUsd, avoidedShadowNanoUsd)
      : entry === 'hold' || entry === 'release'
        ? told(heldNanoUsd, heldShadowNanoUsd)
        : told(costNanoUsd, shadowNanoUsd)
  return words(entry, provider, simulated && '(simulated)', amount)
}

function words(...parts: (string | null | false)[]): string {
  return parts.filter(part => part !== null && part !== false && part !== '').join(' ')
}
