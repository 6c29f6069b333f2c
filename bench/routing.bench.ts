import type { Candidate, CandidateState, RouteRequest } from '../src/router/decide-route.ts'
import { decideRoute } from '../src/router/decide-route.ts'
import type { Measurement } from './measurement.ts'

const rounds = 200_000
const paid: Candidate = { provider: 'llamaparse', model: 'agentic', paid: true, simulated: false, standIn: false }
const candidates: Candidate[] = [
  { ...paid, paid: false, simulated: true },
  paid,
  { provider: 'local', model: '1', paid: false, simulated: false, standIn: true },
]
const request: RouteRequest = {
  service: 'parse',
  mode: 'hybrid',
  policy: { name: 'balanced', order: ['paid', 'local'] },
  production: true,
  mockForced: false,
}
const reason = '9 of 10 calls failed'
const ill: CandidateState = {
  health: { state: 'open', retryAt: new Date(0).toISOString(), limitedUntil: null, reason },
}

/** What one decision takes, while the provider is well and while it is ill. */
export function benchRouting(): Measurement[] {
  return [
    { name: 'a decision, everybody well', value: timeDecisions([{}, {}, {}]), unit: 'µs', bound: { atMost: 20 } },
    { name: 'a decision, the provider ill', value: timeDecisions([{}, ill, {}]), unit: 'µs', bound: { atMost: 20 } },
  ]
}

function timeDecisions(states: readonly CandidateState[]): number {
  let kinds = 0
  for (let i = 0; i < rounds / 10; i++) kinds += decideRoute(request, candidates, states, i).decision.reasons.length
  const startedAt = performance.now()
  for (let i = 0; i < rounds; i++) kinds += decideRoute(request, candidates, states, i).decision.reasons.length
  const tookMs = performance.now() - startedAt
  if (kinds === 0) throw new Error('nothing was decided')
  return (tookMs / rounds) * 1_000
}
