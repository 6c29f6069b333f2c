import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import { sharePurchases } from './share-purchase.ts'
import type { GatewayTarget } from './target.ts'
import type { WantedText } from './wanted-text.ts'

const target = { spaceId: 'space' } as GatewayTarget
const wantedOf = (text: string, tokenCount = 1): WantedText => ({ text, tokenCount, textHash: Buffer.from(text) })

/** Buys all but texts that hold the word, which make their whole call fail. */
function createShop(failure: Error | null = null) {
  const calls: string[][] = []
  const buy = sharePurchases(async ({ tenantId, tags }, _target, wanted) => {
    calls.push([tenantId, ...tags, ...wanted.map(({ text }) => text)])
    if (failure && wanted.some(({ text }) => text.includes('bad'))) throw failure
    return { vectors: wanted.map(({ text }) => Float32Array.from(Buffer.from(text))), tokens: 100 }
  })
  const ask = (tenantId: string, tags: string[], ...wanted: WantedText[]) =>
    buy({ tenantId, apiKeyId: null, tags }, target, wanted)
  return { calls, ask }
}

test('what one key wants in the same moment is bought in one call, what others want apart', async () => {
  const { calls, ask } = createShop()
  const [a, bc, d, e] = await Promise.all([
    ask('t', [], wantedOf('a', 2)),
    ask('t', [], wantedOf('b'), wantedOf('c', 4)),
    ask('t', ['tag'], wantedOf('d')),
    ask('u', [], wantedOf('e')),
  ])
  assert.deepEqual(calls, [
    ['t', 'a', 'b', 'c'],
    ['t', 'tag', 'd'],
    ['u', 'e'],
  ])
  assert.deepEqual(bc?.vectors, [Float32Array.of(98), Float32Array.of(99)])
  assert.deepEqual([a?.tokens, bc?.tokens, d?.tokens, e?.tokens], [2, 5, 100, 100])
})

test('large ones go alone', async () => {
  const { calls, ask } = createShop()
  const sizes = [3_000, 3_000, 3_000, 9_000, 1]
  await Promise.all(sizes.map((size, i) => ask('t', [], wantedOf(`${i}`, size))))
  assert.deepEqual(calls, [
    ['t', '0', '1'],
    ['t', '2'],
    ['t', '3'],
    ['t', '4'],
  ])
})

test('what is the fault of one of them is not that of the others', async () => {
  const busy = { reason: 'in_progress', message: '', resumesAt: null, budget: null } as const
  for (const failure of [new AppError('budget_exhausted', ''), new CallDeferred(busy)]) {
    const { ask } = createShop(failure)
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map(text => ask('t', [], wantedOf(text))))
    assert.deepEqual(
      outcomes.map(outcome => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
  }
})

test('what is the fault of none is tried once', async () => {
  const { calls, ask } = createShop(new AppError('call_outcome_unknown', ''))
  const outcomes = await Promise.allSettled(['a', 'bad'].map(text => ask('t', [], wantedOf(text))))
  assert.ok(outcomes.every(outcome => outcome.status === 'rejected'))
  assert.equal(calls.length, 1)
})
