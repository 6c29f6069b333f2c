import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryClient } from '@tanstack/react-query'
import type { StreamedEvent } from '../../../contract/event.ts'
import { createRefresher } from './refresh.ts'

function follow(keys: readonly string[][]) {
  const client = new QueryClient()
  for (const key of keys) client.setQueryData(key, 1)
  const isOld = (key: string[]) => client.getQueryState(key)?.isInvalidated === true
  return { refresher: createRefresher(client), isOld, client }
}
const settled = () => new Promise(resolve => setImmediate(resolve))
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

test('a thousand events are two refreshes: the first at once, the others together', async () => {
  const { refresher, client } = follow([['costs']])
  let refreshes = 0
  client.getQueryCache().subscribe(({ type }) => {
    if (type === 'updated') refreshes++
  })
  const old = client.invalidateQueries.bind(client)
  let rounds = 0
  client.invalidateQueries = (...wish) => {
    rounds++
    return old(...wish)
  }
  for (let i = 0; i < 1000; i++) refresher.take(entry)
  await new Promise(resolve => setTimeout(resolve, 700))
  assert.ok(rounds <= 2, `${rounds} rounds`)
  assert.ok(refreshes >= 1)
})

test('after a gap everything is old but what may cost money to ask again', async () => {
  const { refresher, isOld } = follow([['costs'], ['caller'], ['search', 'valves']])
  refresher.takeReset()
  await settled()
  assert.deepEqual([['costs'], ['caller'], ['search', 'valves']].map(isOld), [true, true, false])
})
