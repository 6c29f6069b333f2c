import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { AppError } from '../contract/failure.ts'
import type { Obtained } from './buy-vectors.ts'
import { createVectorFinder } from './find-vectors.ts'
import type { GatewayTarget } from './target.ts'
import type { WantedText } from './wanted-text.ts'

const target = { spaceId: 'space' } as GatewayTarget
const callerOf = (tenantId: string) => ({ tenantId, apiKeyId: null, tags: [] })
const wantedOf = (text: string): WantedText => ({ text, tokenCount: 1, textHash: hash('sha256', text, 'buffer') })

/** Obtains nothing until it is told how a request ends. */
function createDesk() {
  const asked: { tenantId: string; texts: string[]; answer(): void; fail(error: Error): void }[] = []
  const find = createVectorFinder(({ tenantId }, _target, wanted) => {
    const { promise, resolve, reject } = Promise.withResolvers<Obtained>()
    const vectors = wanted.map(({ text }) => Float32Array.from(Buffer.from(text)))
    const answer = () => resolve({ vectors, bought: wanted.map(() => true), boughtTokens: wanted.length })
    asked.push({ tenantId, texts: wanted.map(({ text }) => text), answer, fail: reject })
    return promise
  })
  const ask = (tenantId: string, ...texts: string[]) => find(callerOf(tenantId), target, texts.map(wantedOf))
  return { asked, ask }
}

test('what somebody is at work on is waited for, the rest is obtained at once', async () => {
  const { asked, ask } = createDesk()
  const [first, second, third] = [ask('t', 'a', 'b'), ask('t', 'b', 'c'), ask('other', 'a')]
  assert.deepEqual(
    asked.map(({ tenantId, texts }) => [tenantId, ...texts]),
    [
      ['t', 'a', 'b'],
      ['t', 'c'],
      ['other', 'a'],
    ],
  )
  for (const { answer } of asked.toReversed()) answer()
  const found = await Promise.all([first, second, third])
  assert.deepEqual(
    found.map(one => [one.vectors.size, one.bought.size, one.boughtTokens]),
    [
      [2, 2, 2],
      [2, 1, 1],
      [1, 1, 1],
    ],
  )
  void ask('t', 'a')
  assert.equal(asked.length, 4, 'what has ended is looked up anew')
})

test('one of those that waited tries what another failed with for its own reason', async () => {
  const { asked, ask } = createDesk()
  const [poor, rich, late] = [ask('t', 'a'), ask('t', 'a'), ask('t', 'a')]
  asked[0]?.fail(new AppError('budget_exhausted', 'no money'))
  await assert.rejects(poor, { code: 'budget_exhausted' })
  while (asked.length < 2) await new Promise(resolve => setImmediate(resolve))
  asked[1]?.answer()
  assert.deepEqual([(await rich).bought.size, (await late).bought.size], [1, 0])
  assert.equal(asked.length, 2)
})

test('what would fail for all, fails for all', async () => {
  const { asked, ask } = createDesk()
  const both = [ask('t', 'a'), ask('t', 'a')]
  asked[0]?.fail(new AppError('provider_unavailable', 'down'))
  for (const one of both) await assert.rejects(one, { code: 'provider_unavailable' })
  assert.equal(asked.length, 1)
})
