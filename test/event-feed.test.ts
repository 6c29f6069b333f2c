import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Tables } from '../src/contract/tables.ts'
import { createEventFeed, type EventFeed, type FeedOptions } from '../src/events/feed.ts'
import type { Database } from '../src/platform/database.ts'
import { createEmbeddedPlace, type Place } from './harness/databases.ts'
import { openLedgerDatabase } from './harness/ledger-database.ts'
import { until } from './harness/until.ts'

let place: Place
let database: Database<Tables>
const revoked = new Set<string>()
before(async () => {
  place = await createEmbeddedPlace()
  database = await openLedgerDatabase(place)
})
after(async () => {
  await database.close()
  await place.remove()
})

const raise = (...subjects: string[]) =>
  database.session(({ client }) =>
    client.query(
      `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) SELECT 'default', 'call_stuck', s, '{}' FROM unnest($1::text[]) s`,
      [subjects],
    ),
  )

async function withFeed(options: Partial<FeedOptions>, run: (feed: EventFeed) => Promise<void>): Promise<void> {
  const revokedOf = async (keyIds: readonly string[]) => keyIds.filter(keyId => revoked.has(keyId))
  const feed = createEventFeed({ database, revokedOf, onError: error => assert.fail(String(error)), ...options })
  try {
    await run(feed)
  } finally {
    await feed.close()
  }
}

async function open(feed: EventFeed, after: string | null = null, keyId: string | null = null, tenantId = 'default') {
  const wish = { caller: { tenantId, keyId }, tenants: null, kinds: null, after }
  let isCut = false
  const { text, end } = await feed.open(wish, () => {
    isCut = true
  })
  const pieces = text[Symbol.asyncIterator]()
  let id = ''
  return {
    end,
    isCut: () => isCut,
    lastId: () => id,
    /** The subjects of the alerts in the next piece of text. */
    async read(): Promise<string[]> {
      const { value = '' } = await pieces.next()
      id = [...value.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? id
      return [...value.matchAll(/"subject":"([^"]*)"/g)].map(([, subject = '']) => subject)
    },
    text: async () => (await pieces.next()).value as string | undefined,
  }
}

test('who reads too slowly is cut off, holds nobody else up, and goes on behind what it has read', async () => {
  await withFeed({ mostEvents: 10 }, async feed => {
    const [slow, fast] = [await open(feed), await open(feed)]
    for (const reader of [slow, fast]) for (let i = 0; i < 2; i++) await reader.read()
    await raise('read by both')
    assert.deepEqual(await slow.read(), ['read by both'])
    assert.deepEqual(await fast.read(), ['read by both'])
    const missed: string[] = []
    for (let set = 0; !slow.isCut(); set++) {
      const subjects = Array.from({ length: 4 }, (_, i) => `${set}-${i}`)
      await raise(...subjects)
      missed.push(...subjects)
      assert.deepEqual(await fast.read(), subjects)
    }
    assert.ok(missed.length > 10)
    assert.equal(fast.isCut(), false)
    const again = await open(feed, slow.lastId())
    const seen: string[] = []
    while (seen.length < missed.length) seen.push(...(await again.read()))
    assert.deepEqual(seen, missed)
  })
})

test('a stream ends soon after its key was revoked, and those of other keys go on', async () => {
  await withFeed({ checkKeysEveryMs: 50 }, async feed => {
    const [one, other] = [await open(feed, null, 'one'), await open(feed, null, 'other')]
    revoked.add('one')
    await until('it is cut', async () => one.isCut())
    assert.equal(other.isCut(), false)
  })
})

test('a process takes so many streams and no more, and of one tenant a fifth of them; who leaves makes room', async () => {
  await withFeed({ mostFollowers: 10 }, async feed => {
    const [first] = [await open(feed), await open(feed)]
    await assert.rejects(open(feed), /2 of at most 10 streams open, 2 of at most 2 of tenant default/)
    for (const tenantId of ['a', 'b', 'c', 'd']) for (let i = 0; i < 2; i++) await open(feed, null, null, tenantId)
    await assert.rejects(open(feed, null, null, 'e'), { code: 'too_many_streams' })
    first?.end()
    await open(feed, null, null, 'e')
  })
})

test('while nothing happens a comment says that the stream lives, and its position when that has moved', async () => {
  await withFeed({ heartbeatMs: 400 }, async feed => {
    const reader = await open(feed)
    assert.equal(await reader.text(), 'retry: 1000\n\n')
    assert.match((await reader.text()) ?? '', /^event: position\nid: \w+\.\w+\ndata: \{"at":".*"\}\n\n$/)
    assert.equal(await reader.text(), ':\n\n')
    await database.session(({ client }) => client.query('CREATE TABLE something_else ()'))
    assert.match((await reader.text()) ?? '', /^:\n\nevent: position\n/)
  })
})

test('as long as nobody follows, the database is not asked', async () => {
  let statements = 0
  const { kysely } = database
  const counting = {
    get kysely() {
      statements++
      return kysely
    },
  }
  await withFeed({ database: counting }, async feed => {
    await new Promise(resolve => setTimeout(resolve, 400))
    assert.equal(statements, 0)
    const reader = await open(feed)
    await until('it is asked', async () => statements > 3)
    reader.end()
    await until('it is not asked any more', async () => {
      const before = statements
      await new Promise(resolve => setTimeout(resolve, 400))
      return statements === before
    })
  })
})
