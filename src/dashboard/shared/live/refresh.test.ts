import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { StreamedEvent } from '../../../contract/event.ts'
import { createRefresher } from './refresh.ts'

function follow(keys: readonly string[][]) {
  const client = new QueryClient()
  for (const key of keys) client.setQueryData(key, 1)
  const isOld = (key: string[]) => client.getQueryState(key)?.isInvalidated === true
  const seen = new Map<string, number>()
  const invalidate = client.invalidateQueries.bind(client)
  client.invalidateQueries = (wish, options) => {
    for (const query of client.getQueryCache().findAll(wish ?? {}))
      seen.set(String(query.queryKey), (seen.get(String(query.queryKey)) ?? 0) + 1)
    return invalidate(wish, options)
  }
  const rounds = (key: string[]) => seen.get(String(key)) ?? 0
  return { refresher: createRefresher(client), isOld, client, rounds }
}
const settled = () => new Promise(resolve => setImmediate(resolve))
const waitMs = (ms: number) => new Promise(resolve => setTimeout(() => resolve(1), ms))
const alert = { kind: 'alert', documentId: null, data: {} } as unknown as StreamedEvent
const entry = { kind: 'ledger', documentId: 'a', data: {} } as unknown as StreamedEvent

test('an event makes what it concerns old, and nothing else', async () => {
  const { refresher, isOld } = follow([['costs', 'month'], ['document', 'a'], ['document', 'b'], ['audit']])
  refresher.take(entry)
  await settled()
  assert.deepEqual([['costs', 'month'], ['document', 'a'], ['document', 'b'], ['audit']].map(isOld), [
    true,
    true,
    false,
    false,
  ])
})

test('a call in doubt has calls and costs loaded again: its alert tells of it, no entry of the books does', async () => {
  const keys = [['calls', 'unknown'], ['costs'], ['alerts'], ['budgets']]
  const { refresher, isOld } = follow(keys)
  refresher.take({ kind: 'alert', documentId: null, data: { alert: 'call_in_doubt' } } as unknown as StreamedEvent)
  await settled()
  assert.deepEqual(keys.map(isOld), [true, true, true, false])
})

test('a thousand events are two refreshes of each topic: the first at once, the others together', async () => {
  const { refresher, rounds } = follow([['costs'], ['alerts']])
  for (let i = 0; i < 1000; i++) refresher.take(entry)
  await waitMs(700)
  assert.equal(rounds(['costs']), 2)
  assert.equal(rounds(['alerts']), 0)
})

test('what is drawn by days is loaded again at once, and then seldom', async () => {
  const { refresher, rounds } = follow([['charts'], ['costs']])
  for (let i = 0; i < 4; i++) {
    refresher.take(entry)
    await waitMs(350)
  }
  assert.equal(rounds(['charts']), 1)
  assert.ok(rounds(['costs']) > 2)
})

test('what takes long holds nothing else up, and is loaded again when it is there', async () => {
  const { refresher, client, rounds } = follow([['costs'], ['alerts']])
  const slow = new QueryObserver(client, {
    queryKey: ['costs'],
    queryFn: () => waitMs(1_000),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const stop = slow.subscribe(() => {})
  refresher.take(entry)
  refresher.take(entry)
  await waitMs(100)
  refresher.take(alert)
  await settled()
  assert.deepEqual([rounds(['costs']), rounds(['alerts'])], [1, 1])
  await waitMs(700)
  assert.equal(rounds(['costs']), 1, 'while it is under way it is not asked for again')
  stop()
  client.clear()
})

test('after a gap everything is old but what may cost money to ask again', async () => {
  const { refresher, isOld } = follow([['costs'], ['caller'], ['search', 'valves']])
  refresher.takeReset()
  await settled()
  assert.deepEqual([['costs'], ['caller'], ['search', 'valves']].map(isOld), [true, true, false])
})

for (const [what, tell] of [
  ['an event', refresher => refresher.take(entry)],
  ['a gap', refresher => refresher.takeReset()],
] satisfies [string, (refresher: ReturnType<typeof createRefresher>) => void][]) {
  test(`what is being loaded for the first time when ${what} comes may be of before it, and is loaded again`, async () => {
    const { refresher, client } = follow([])
    let loads = 0
    const first = new QueryObserver(client, { queryKey: ['costs'], queryFn: () => waitMs(50).then(() => ++loads) })
    const stop = first.subscribe(() => {})
    tell(refresher)
    await waitMs(200)
    assert.equal(first.getCurrentResult().data, 2)
    stop()
    client.clear()
  })
}

test('what is loaded for the first time, and takes long, does not hold up what is loaded again after a gap', async () => {
  const { refresher, client } = follow([])
  let loads = 0
  const slow = new QueryObserver(client, { queryKey: ['forecast'], queryFn: () => waitMs(5_000) })
  const quick = new QueryObserver(client, { queryKey: ['documents'], queryFn: () => waitMs(20).then(() => ++loads) })
  const stops = [slow, quick].map(one => one.subscribe(() => {}))
  refresher.takeReset()
  await waitMs(300)
  assert.equal(quick.getCurrentResult().data, 2)
  for (const stop of stops) stop()
  client.clear()
})

test('what is being loaded before anything shows it is loaded again, too', async () => {
  const { refresher, client } = follow([])
  let loads = 0
  const options = { queryKey: ['costs'], queryFn: () => waitMs(100).then(() => ++loads), staleTime: 10_000 }
  void client.prefetchQuery(options)
  refresher.take(entry)
  const first = new QueryObserver(client, options)
  const stop = first.subscribe(() => {})
  await waitMs(400)
  assert.equal(first.getCurrentResult().data, 2)
  stop()
  client.clear()
})
