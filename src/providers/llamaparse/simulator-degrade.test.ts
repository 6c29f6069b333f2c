import assert from 'node:assert/strict'
import { test } from 'node:test'
import { degradePages } from './simulator-degrade.ts'
import { faultSchema } from './simulator-faults.ts'
import type { Tier } from './simulator-versions.ts'

const table = '# Wells\n\n| Well | Depth |\n| --- | --- |\n| North | 31 m |'
const pages = [1, 2, 3].map(pageNumber => ({ pageNumber, markdown: table }))

function degraded(tier: Tier, fields: object = {}) {
  const fault = faultSchema.parse({ kind: 'pages_degraded', pages: '2', ...fields })
  return fault.kind === 'pages_degraded' ? degradePages(pages, tier, fault) : assert.fail('another fault')
}

test('the named pages come out badly below a tier, and well from it on', () => {
  const lost = degraded('cost_effective')
  assert.deepEqual([lost[0]?.markdown, lost[2]?.markdown], [table, table])
  assert.equal(lost[1]?.markdown, 'Wells\n\nWell   Depth\nNorth  31 m')
  assert.deepEqual(degraded('agentic'), pages)
  assert.notDeepEqual(degraded('agentic', { below: 'agentic_plus' }), pages)
  assert.deepEqual(degraded('agentic_plus', { below: 'agentic_plus' }), pages)
})

test('they can be empty, unreadable or missing too', () => {
  assert.equal(degraded('fast', { as: 'empty' })[1]?.markdown, '')
  assert.match(degraded('fast', { as: 'garbled' })[1]?.markdown ?? '', /^# \uFFFD{5}\n/)
  assert.deepEqual(
    degraded('fast', { as: 'missing', pages: '1,3' }).map(page => page.pageNumber),
    [2],
  )
})
