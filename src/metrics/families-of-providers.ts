import { breakerStates } from '../contract/provider-health.ts'
import { type Family, least, type Sample } from './family.ts'
import type { State } from './read-state.ts'
import { splitHealthName } from './split-health-name.ts'

/** The key's hash in the middle of an account's name is left out: of several keys, the one with the least room counts. */
function nameAccount(account: string): [provider: string, model: string] {
  const parts = account.split('/')
  return [parts[0] ?? '', parts.slice(2).join('/')]
}

function limiterSamples({ limiters, uploads }: State, kind: 'limit' | 'room'): Sample[] {
  const found: Sample[] = []
  for (const { account, closedSeconds, ...of } of limiters) {
    const room = (limit: number, used: number) => (closedSeconds > 0 ? 0 : Math.max(limit - used, 0))
    const pairs = [
      ['requests', of.requestsPerMinute, of.usedRequests],
      ['tokens', of.tokensPerMinute, of.usedTokens],
    ] as const
    for (const [unit, limit, used] of pairs)
      if (limit !== null)
        found.push({ labels: [...nameAccount(account), unit], value: kind === 'limit' ? limit : room(limit, used) })
  }
  for (const { account, used, closedSeconds } of uploads.permits) {
    const room = closedSeconds > 0 ? 0 : Math.max(uploads.limit - used, 0)
    const [provider] = nameAccount(account)
    found.push({ labels: [provider, '', 'uploads'], value: kind === 'limit' ? uploads.limit : room })
  }
  return least(found)
}

/** How providers are, as all processes see it together. */
export const providerFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_provider_breaker',
    kind: 'gauge',
    help: 'State of the breaker of a provider: 1 for the state that it is in.',
    labels: ['provider', 'simulated', 'state'],
    samples: ({ breakers }) =>
      breakers.flatMap(({ provider, state }) =>
        breakerStates.map(one => ({ labels: [...splitHealthName(provider), one], value: one === state ? 1 : 0 })),
      ),
  },
  {
    name: 'sluice_provider_limited',
    kind: 'gauge',
    help: 'Whether a provider takes nothing at present, by its own word.',
    labels: ['provider', 'simulated'],
    samples: ({ breakers }) =>
      breakers.map(({ provider, limited }) => ({ labels: splitHealthName(provider), value: limited ? 1 : 0 })),
  },
  {
    name: 'sluice_limiter_limit',
    kind: 'gauge',
    help: "What a provider's account may send: requests and tokens a minute, uploads in ten seconds.",
    labels: ['provider', 'model', 'unit'],
    samples: state => limiterSamples(state, 'limit'),
  },
  {
    name: 'sluice_limiter_room',
    kind: 'gauge',
    help: 'How much of that is left now, for all processes together; 0 while the account is closed.',
    labels: ['provider', 'model', 'unit'],
    samples: state => limiterSamples(state, 'room'),
  },
  {
    name: 'sluice_remote_calls',
    kind: 'gauge',
    help: 'Jobs that a provider works off on its own: running, to be billed, to be removed.',
    labels: ['provider', 'phase'],
    samples: ({ remoteCalls }) =>
      remoteCalls.map(({ provider, phase, calls }) => ({ labels: [provider, phase], value: calls })),
  },
  {
    name: 'sluice_webhook_last_timestamp_seconds',
    kind: 'gauge',
    help: 'When the last webhook of a provider was taken, since 1970; 0: none within a week.',
    labels: [],
    samples: ({ lastWebhook }) => [{ labels: [], value: lastWebhook ?? 0 }],
  },
]
