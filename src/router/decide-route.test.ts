import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Mode, modes } from '../contract/provenance.ts'
import { type Candidate, type CandidateState, decideRoute, type RouteRequest } from './decide-route.ts'

const paid: Candidate = { provider: 'llamaparse', model: 'agentic', paid: true, simulated: false, standIn: false }
const simulated: Candidate = { ...paid, paid: false, simulated: true }
const local: Candidate = { provider: 'local', model: '1', paid: false, simulated: false, standIn: true }
const own: Candidate = { provider: 'ollama', model: 'm', paid: false, simulated: false, standIn: false }
const all = [simulated, paid, local]
const nowMs = Date.parse('2026-11-24T12:00:00Z')

function request(mode: Mode, more: Partial<RouteRequest> = {}): RouteRequest {
  return { service: 'parse', mode, production: false, mockForced: false, ...more }
}
const balanced = { policy: { name: 'balanced', order: ['paid', 'local'] } } as const

function chosen(wish: RouteRequest, candidates: Candidate[], states: CandidateState[] = []) {
  const route = decideRoute(wish, candidates, states, nowMs)
  return route.kind === 'call' ? candidates[route.candidate] : route.kind
}

const down: CandidateState = {
  health: { state: 'open', retryAt: '2026-11-24T12:00:05.000Z', limitedUntil: null, reason: '9 of 10 calls failed' },
}

test('each mode has its provider and nobody else; hybrid goes by its policy', () => {
  assert.equal(chosen(request('local'), all), local)
  assert.equal(chosen(request('mock'), all), simulated)
  assert.equal(chosen(request('real'), all), paid)
  assert.equal(chosen(request('real'), [own, local]), own)
  assert.equal(chosen(request('hybrid', balanced), all), paid)
  assert.equal(chosen(request('hybrid', { policy: { name: 'private', order: ['local'] } }), all), local)
  assert.equal(chosen(request('real'), [simulated, local]), 'refuse')
  assert.equal(chosen(request('mock'), [paid, local]), 'refuse')
  assert.equal(chosen(request('hybrid', balanced), [simulated, local]), local)
})

test('I1: what goes to the stand-in since the provider cannot be had is provisional, and says why', () => {
  const route = decideRoute(request('hybrid', balanced), all, [{}, down, {}], nowMs)
  assert.ok(route.kind === 'call')
  assert.equal(all[route.candidate], local)
  const { reasons, ...provenance } = route.provenance
  assert.deepEqual(provenance, { provider: 'local', model: '1', simulated: false, mode: 'hybrid', provisional: true })
  assert.deepEqual(reasons, [
    'mode is hybrid, policy balanced',
    'llamaparse is not healthy: 9 of 10 calls failed',
    'local costs nothing, and nothing leaves this machine',
    'provisional: done again once llamaparse can be had',
  ])
  assert.deepEqual(
    route.decision.considered.map(c => [c.provider, c.simulated, c.verdict]),
    [
      ['llamaparse', true, 'not_wanted'],
      ['llamaparse', false, 'unhealthy'],
      ['local', false, 'chosen'],
    ],
  )
})

test('in mode real an ill provider is waited for, and so is one that is insisted on', () => {
  const states = [{}, down, {}]
  const real = decideRoute(request('real'), all, states, nowMs)
  assert.ok(real.kind === 'wait')
  assert.deepEqual([real.provider, real.until?.toISOString()], ['llamaparse', '2026-11-24T12:00:05.000Z'])
  assert.equal(chosen(request('hybrid', { ...balanced, insists: true }), all, states), 'wait')
})

test('what is only to get better is left as it is when its provider cannot be had: nobody steps in, nothing waits', () => {
  const wish = request('hybrid', { ...balanced, improves: 'page 3 had been read badly' })
  assert.equal(chosen(wish, all), paid)
  for (const state of [down, { exhausted: true }, { stuck: true }]) {
    const { kind, decision } = decideRoute(wish, all, [{}, state, {}], nowMs)
    assert.deepEqual([kind, decision.outcome], ['wait', 'refuse'])
    assert.equal(decision.reasons[1], 'page 3 had been read badly')
    assert.equal(decision.reasons.at(-1), 'nobody else may do it, so the reading that is there stays')
  }
})

test('never over budget: a call that costs more than there is goes to the stand-in, or waits', () => {
  const dear: CandidateState = { costNanoUsd: 5_000_000n, roomNanoUsd: 4_999_999n }
  const route = decideRoute(request('hybrid', balanced), all, [{}, dear, {}], nowMs)
  assert.ok(route.kind === 'call' && route.provenance.provisional)
  assert.match(route.provenance.reasons.join(), /costs up to \$0\.005, and \$0\.004999999 are allowed/)
  assert.equal(chosen(request('real'), all, [{}, { ...dear, roomNanoUsd: 5_000_000n }, {}]), paid)
  assert.equal(chosen(request('real'), all, [{}, dear, {}]), 'wait')
})

test('P19: vectors stay in their space: whatever fails, nobody of another space is asked', () => {
  const space = { provider: 'openai', simulated: false }
  const real: Candidate = { provider: 'openai', model: 'm', paid: true, simulated: false, standIn: false }
  const other: Candidate = { ...real, provider: 'voyage' }
  const fake: Candidate = { ...real, paid: false, simulated: true }
  const wish = request('hybrid', { service: 'embed', space, ...balanced })
  assert.equal(chosen(wish, [fake, other, real], [{}, {}, down]), 'wait')
  assert.equal(chosen(wish, [fake, other, real]), real)
  assert.equal(chosen({ ...wish, mode: 'mock' }, [fake, other, real]), 'refuse')
})

test('what a provider has not finished in time goes to the stand-in, as a provisional result', () => {
  const route = decideRoute(request('real'), all, [{}, { stuck: true }, {}], nowMs)
  assert.ok(route.kind === 'call' && route.provenance.provisional)
  assert.deepEqual(all[route.candidate], local)
})

const candidateArb = fc.constantFrom(paid, simulated, local, own)
const stateArb: fc.Arbitrary<CandidateState> = fc.record(
  {
    health: fc.record({
      state: fc.constantFrom('closed', 'open', 'half_open'),
      retryAt: fc.constantFrom(null, '2026-11-24T12:00:05.000Z'),
      limitedUntil: fc.constantFrom(null, '2026-11-24T11:00:00.000Z', '2026-11-24T13:00:00.000Z'),
      reason: fc.constantFrom(null, 'it fails'),
    }),
    costNanoUsd: fc.bigInt({ min: 0n, max: 20n }),
    roomNanoUsd: fc.bigInt({ min: 0n, max: 20n }),
    exhausted: fc.boolean(),
    stuck: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<CandidateState>
const requestArb = fc.record(
  {
    service: fc.constantFrom('parse', 'embed'),
    mode: fc.constantFrom(...modes),
    production: fc.boolean(),
    mockForced: fc.boolean(),
    policy: fc.record({ name: fc.constant('p'), order: fc.array(fc.constantFrom('local', 'paid'), { maxLength: 4 }) }),
    space: fc.record({ provider: fc.constantFrom('llamaparse', 'ollama'), simulated: fc.boolean() }),
    insists: fc.boolean(),
    improves: fc.constant('page 1 had been read badly'),
  },
  { requiredKeys: ['service', 'mode', 'production', 'mockForced'] },
) as fc.Arbitrary<RouteRequest>

test('whatever comes in: no mock in production unforced, none of another space, never over budget, always a reason', () => {
  const cases = fc.array(fc.tuple(candidateArb, stateArb), { maxLength: 6 })
  fc.assert(
    fc.property(requestArb, cases, (wish, pairs) => {
      const candidates = pairs.map(([candidate]) => candidate)
      const states = pairs.map(([, state]) => state)
      const route = decideRoute(wish, candidates, states, nowMs)
      assert.ok(route.decision.reasons.length >= 2)
      assert.deepEqual(decideRoute(wish, candidates, states, nowMs), route)
      if (route.kind !== 'call') return
      const candidate = candidates[route.candidate]
      const state = states[route.candidate] ?? {}
      assert.ok(candidate)
      assert.equal(route.provenance.simulated, candidate.simulated)
      if (candidate.simulated) assert.ok(wish.mode === 'mock' && (!wish.production || wish.mockForced))
      if (wish.mode === 'mock') assert.ok(candidate.simulated || states.some(s => s.stuck))
      if (candidate.paid) assert.ok(wish.mode === 'real' || wish.mode === 'hybrid')
      if (wish.space)
        assert.deepEqual([candidate.provider, candidate.simulated], [wish.space.provider, wish.space.simulated])
      const { costNanoUsd: cost, roomNanoUsd: room } = state
      if (candidate.paid && cost !== undefined && room !== undefined) assert.ok(cost <= room)
      if (candidate.paid) assert.ok(!state.exhausted)
      assert.notEqual(state.health?.state, 'open')
      if (wish.improves) assert.equal(route.provenance.provisional, undefined)
      if (wish.mode !== 'hybrid' && route.provenance.provisional) assert.ok(states.some(s => s.stuck))
    }),
    { numRuns: 2_000 },
  )
})
