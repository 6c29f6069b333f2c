import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type PageKind, pageKinds, policyStepSchema } from '../contract/routing.ts'
import { firstSteps, looksAtPages, namePages, planPages, rangesOf } from './plan-pages.ts'
import { presets } from './presets.ts'

const kinds = new Map<number, PageKind>([
  [1, 'simple'],
  [2, 'simple'],
  [3, 'tables'],
  [4, 'scanned'],
  [5, 'unread'],
  [6, 'simple'],
])
const free = () => 0n

test('each preset gives pages to whom it says', () => {
  const paidPages = (name: keyof typeof presets) => planPages(kinds, presets[name], free).paid
  assert.deepEqual(paidPages('local-first'), [5])
  assert.deepEqual(paidPages('balanced'), [3, 4, 5])
  assert.deepEqual(paidPages('quality'), [1, 2, 3, 4, 5, 6])
  assert.deepEqual(paidPages('cheapest'), [5])
  assert.deepEqual(paidPages('private'), [])
  assert.equal(planPages(kinds, presets.quality, free).tier, 'agentic')
  // It measures the pages, so that it can tell which of them came back badly.
  assert.equal(looksAtPages(presets.quality), true)
  assert.equal(looksAtPages([{ use: 'paid' }]), false)
  assert.equal(looksAtPages(presets.balanced), true)
})

test('what a tier has read badly is nothing that a page is like: a step for it alone takes no page at first', () => {
  const again = { use: 'paid' as const, tier: 'agentic' as const, pages: ['faulty' as const] }
  assert.deepEqual(planPages(kinds, [again, { use: 'local' }], free).paid, [])
  assert.deepEqual(firstSteps([again, { use: 'local' }]), [{ use: 'local' }])
  const both = { ...again, pages: ['faulty' as const, 'tables' as const] }
  assert.deepEqual(planPages(kinds, [both, { use: 'local' }], free).paid, [3])
})

test('a step that costs too much for the document is left out', () => {
  const policy = [{ use: 'paid' as const, maxCostUsd: '0.01' }, { use: 'local' as const }]
  const costOf = (pages: number) => BigInt(pages) * 2_000_000n
  assert.deepEqual(planPages(kinds, policy, costOf).paid, [])
  assert.equal(
    planPages(kinds, [{ ...policy[0], maxCostUsd: '0.012' } as never, policy[1] as never], costOf).paid.length,
    6,
  )
})

test('a step is priced at its own tier', () => {
  const policy = [{ use: 'paid' as const, tier: 'agentic_plus' as const, maxCostUsd: '0.1' }, { use: 'local' as const }]
  const costOf = (pages: number, tier: string | null) => BigInt(pages) * (tier === null ? 3_750_000n : 56_250_000n)
  assert.deepEqual(planPages(kinds, policy, costOf).paid, [])
})

test('every page goes to exactly one, and the reasons name them all, whatever the policy', () => {
  const step = fc.record(
    {
      use: fc.constantFrom('local', 'paid'),
      tier: fc.constantFrom('fast', 'agentic'),
      pages: fc.uniqueArray(fc.constantFrom(...pageKinds), { minLength: 1 }),
    },
    { requiredKeys: ['use'] },
  )
  const pages = fc.array(fc.constantFrom(...pageKinds), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), pages, (steps, list) => {
      const policy = steps.map(one => policyStepSchema.parse(one))
      const plan = planPages(new Map(list.map((kind, i) => [i + 1, kind])), policy, free)
      assert.deepEqual(
        [...plan.local, ...plan.paid].sort((a, b) => a - b),
        list.map((_, i) => i + 1),
      )
      if (policy.every(one => one.use === 'local')) assert.deepEqual(plan.paid, [])
    }),
  )
})

test('pages are named as ranges', () => {
  assert.deepEqual(rangesOf([7, 1, 2, 3]), ['1-3', '7'])
  assert.equal(namePages([4]), 'page 4')
  assert.equal(namePages([1, 2, 9]), 'pages 1-2, 9')
})
