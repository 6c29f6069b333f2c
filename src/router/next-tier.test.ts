import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ParseTier, parseTiers } from '../contract/parse-options.ts'
import { pageKinds, policyStepSchema } from '../contract/routing.ts'
import { nextTier } from './next-tier.ts'
import { presets } from './presets.ts'

const free = () => 0n
const rankOf = (tier: ParseTier) => parseTiers.indexOf(tier)

test('each preset goes as far up as it says, and not from a tier that is as good already', () => {
  const after = (name: keyof typeof presets, used: string) => nextTier(presets[name], used, 1, free)
  assert.deepEqual(after('balanced', 'cost_effective'), { kind: 'tier', tier: 'agentic' })
  assert.deepEqual(after('local-first', 'fast'), { kind: 'tier', tier: 'agentic' })
  assert.equal(after('balanced', 'agentic'), null)
  assert.equal(after('balanced', 'agentic_plus'), null)
  assert.deepEqual(after('quality', 'agentic'), { kind: 'tier', tier: 'agentic_plus' })
  assert.equal(after('cheapest', 'cost_effective'), null)
  assert.equal(after('private', 'cost_effective'), null)
  assert.equal(after('balanced', 'another providers model'), null)
})

test('a step that may cost too much for the pages is passed over, and named where no other is left', () => {
  const policy = [
    { use: 'paid', tier: 'agentic_plus', pages: ['faulty'], maxCostUsd: '0.05' },
    { use: 'paid', tier: 'agentic', pages: ['faulty'], maxCostUsd: '0.03' },
  ].map(step => policyStepSchema.parse(step))
  const costOf = (pages: number, tier: string | null) =>
    BigInt(pages) * (tier === 'agentic' ? 12_500_000n : 56_250_000n)
  assert.deepEqual(nextTier(policy, 'fast', 2, costOf), { kind: 'tier', tier: 'agentic' })
  assert.deepEqual(nextTier(policy, 'fast', 3, costOf), {
    kind: 'too_dear',
    tier: 'agentic_plus',
    maxCostUsd: '0.05',
  })
})

test('pages that were read badly go to a provider that is paid, at a tier', () => {
  const accepts = (step: object) => policyStepSchema.safeParse(step).success
  assert.equal(accepts({ use: 'paid', tier: 'agentic', pages: ['faulty', 'tables'] }), true)
  assert.equal(accepts({ use: 'paid', pages: ['faulty'] }), false)
  assert.equal(accepts({ use: 'local', pages: ['faulty'] }), false)
})

test('whatever the policy, the tiers get better and better, so that it ends', () => {
  const step = fc.record(
    {
      use: fc.constant('paid'),
      tier: fc.constantFrom(...parseTiers),
      pages: fc.uniqueArray(fc.constantFrom(...pageKinds, 'faulty'), { minLength: 1 }),
      maxCostUsd: fc.constantFrom('0', '1'),
    },
    { requiredKeys: ['use', 'tier'] },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), fc.constantFrom(...parseTiers), (steps, start) => {
      const policy = steps.map(one => policyStepSchema.parse(one))
      const passed: ParseTier[] = [start]
      for (let next = nextTier(policy, start, 1, () => 1n); next?.kind === 'tier'; ) {
        assert.ok(parseTiers.indexOf(next.tier) > Math.max(...passed.map(rankOf)))
        assert.ok(policy.some(one => one.tier === next?.tier && one.pages?.includes('faulty')))
        passed.push(next.tier)
        next = nextTier(policy, next.tier, 1, () => 1n)
      }
    }),
  )
})
