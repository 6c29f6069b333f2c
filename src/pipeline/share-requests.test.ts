import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../contract/failure.ts'
import type { BatchPart } from './fill-batch.ts'
import { type SharingOptions, shareRequests } from './share-requests.ts'
import type { TextOrder, WantedText } from './text-order.ts'

const lane = { tenantId: 't', spaceId: 's', purpose: 'ingest', quoteId: null } as const

/** Batches as they were sent, by the names of their documents, and what became of each document. */
function world(options: Partial<SharingOptions> = {}) {
  const sent: string[][] = []
  const outcomes = new Map<string, string>()
  const embed = shareRequests({
    lingerMs: 5,
    inFlight: 2,
    ...options,
    async send(at, parts) {
      sent.push(parts.map(part => `${part.order.share.documentId}:${part.texts.length}`))
      await options.send?.(at, parts)
    },
  })
  const order = (name: string, count: number, more: Partial<TextOrder> = {}) => {
    let stored = 0
    return embed({
      lane,
      share: { documentId: name, jobId: null, apiKeyId: null, tags: [] },
      texts: Array.from({ length: count }, (_, i) => ({ textHash: Buffer.from(`${name}/${i}`), tokenCount: 10 })),
      signal: new AbortController().signal,
      stored(texts: readonly WantedText[]) {
        stored += texts.length
        if (stored === count) outcomes.set(name, 'stored')
      },
      failed: (_texts, error) => outcomes.set(name, error.code),
      ...more,
    })
  }
  return { sent, outcomes, order }
}

test('small orders that come within the linger share one request', async () => {
  const { sent, outcomes, order } = world()
  await Promise.all(['a', 'b', 'c'].map(name => order(name, 3)))
  assert.deepEqual(sent, [['a:3', 'b:3', 'c:3']])
  assert.deepEqual([...outcomes.values()], ['stored', 'stored', 'stored'])
})

test('orders of another tenant, space, purpose or quote never share a request', async () => {
  const { sent, order } = world()
  const lanes = [
    lane,
    { ...lane, tenantId: 'u' },
    { ...lane, spaceId: 'v' },
    { ...lane, purpose: 'search' },
    { ...lane, quoteId: 'q' },
  ] as const
  await Promise.all(lanes.map((of, i) => order(`d${i}`, 1, { lane: of })))
  assert.equal(sent.length, lanes.length)
})

test('a large document goes out in full requests, so many at once, and a small one gets into the next', async () => {
  let underWay = 0
  let most = 0
  const { sent, outcomes, order } = world({
    async send() {
      most = Math.max(most, ++underWay)
      await sleep(5)
      underWay--
    },
  })
  const large = order('large', 20_000)
  await sleep(2)
  await order('small', 2)
  assert.equal(outcomes.get('large'), undefined, 'the small one did not wait for the large one')
  await large
  assert.equal(most, 2)
  assert.equal(sent.length, Math.ceil(20_002 / 2_048))
})

test('a document that its provider refuses fails alone; those that shared its request are sent again without it', async () => {
  const refuse = async (_lane: unknown, parts: readonly BatchPart[]) => {
    if (parts.some(part => part.order.share.documentId === 'bad')) throw new AppError('call_invalid', 'no')
  }
  const { sent, outcomes, order } = world({ send: refuse })
  await Promise.all(['a', 'bad', 'c'].map(name => order(name, 2)))
  assert.deepEqual(Object.fromEntries(outcomes), { a: 'stored', bad: 'call_invalid', c: 'stored' })
  assert.equal(sent.length, 4)
})

test('a failure of the provider fails all that shared the request, at once', async () => {
  const down = async () => {
    throw new AppError('provider_unavailable', 'down')
  }
  const { sent, outcomes, order } = world({ send: down })
  await Promise.all(['a', 'b'].map(name => order(name, 2)))
  assert.deepEqual([...outcomes.values()], ['provider_unavailable', 'provider_unavailable'])
  assert.equal(sent.length, 1)
})

test('texts of a document that was cancelled before they were sent are not paid for', async () => {
  const { sent, outcomes, order } = world()
  const cancel = new AbortController()
  const both = Promise.all([order('gone', 2, { signal: cancel.signal }), order('kept', 2)])
  cancel.abort(new AppError('shutting_down', 'cancelled'))
  await both
  assert.deepEqual(sent, [['kept:2']])
  assert.equal(outcomes.get('kept'), 'stored')
  assert.notEqual(outcomes.get('gone'), 'stored')
})
