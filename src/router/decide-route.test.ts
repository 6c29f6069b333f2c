import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { modes } from '../contract/provenance.ts'
import { type Candidate, decideRoute } from './decide-route.ts'

const paid: Candidate = { provider: 'openai', model: 'm', paid: true, simulated: false }
const simulated: Candidate = { provider: 'openai', model: 'm', paid: false, simulated: true }
const local: Candidate = { provider: 'local', model: '1', paid: false, simulated: false }

test('mock takes what costs nothing, real only what is real, hybrid prefers the real one', () => {
  const chosen = (mode: (typeof modes)[number], candidates: Candidate[]) => {
    const route = decideRoute('embed', mode, candidates)
    return route.kind === 'call' ? candidates[route.candidate] : 'refused'
  }
  assert.equal(chosen('mock', [paid, simulated]), simulated)
  assert.equal(chosen('real', [simulated, paid]), paid)
  assert.equal(chosen('real', [simulated]), 'refused')
  assert.equal(chosen('hybrid', [simulated, paid]), paid)
  assert.equal(chosen('hybrid', [local]), local)
  assert.equal(chosen('mock', [paid]), 'refused')
  assert.equal(chosen('mock', []), 'refused')
})

test('I1: the provenance says who answered, whether that was simulated, in which mode and why', () => {
  const route = decideRoute('embed', 'mock', [paid, simulated])
  assert.ok(route.kind === 'call')
  const { reasons, ...provenance } = route.provenance
  assert.deepEqual(provenance, { provider: 'openai', model: 'm', simulated: true, mode: 'mock' })
  assert.deepEqual(reasons, ['mode is mock', 'openai is simulated'])
})

test('a refusal says which service and mode nobody serves', () => {
  const route = decideRoute('parse', 'real', [simulated])
  assert.deepEqual(route, { kind: 'refuse', reasons: ['no provider of service parse is configured for mode real'] })
})

test('mock never chooses a paid provider, real never one that only imitates, whatever there is', () => {
  const candidate = fc.constantFrom(paid, simulated, local)
  fc.assert(
    fc.property(fc.constantFrom(...modes), fc.array(candidate, { maxLength: 6 }), (mode, candidates) => {
      const route = decideRoute('embed', mode, candidates)
      if (route.kind === 'refuse') return
      const chosen = candidates[route.candidate]
      if (mode === 'mock') assert.equal(chosen?.paid, false)
      if (mode === 'real') assert.equal(chosen?.simulated, false)
      assert.equal(route.provenance.simulated, chosen?.simulated)
      assert.ok(route.provenance.reasons.length >= 2)
    }),
  )
})
