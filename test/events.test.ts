import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventSchema } from '../src/contract/event.ts'
import { forgetOldEvents } from '../src/events/forget-old-events.ts'
import { createPostgresPlace, onBothDatabases, type Place } from './harness/databases.ts'
import { type EventReader, followEvents, type Message, resetReason } from './harness/follow-events.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

const text = '# Valves\n\nThe confidential valve of the northern line leaks in March.\n'
const isLive = ({ data }: Message) => data.kind === 'document' && data.data.change === 'live'
const isDone = ({ data }: Message) => data.kind === 'job' && data.data.state === 'succeeded'

onBothDatabases('events', createPlace => {
  const sluice = useSluice(createPlace)
  const readers: EventReader[] = []
  after(() => {
    for (const reader of readers) reader.cut()
  })
  const follow = async (...[query, options]: [string?, { secret?: string; lastId?: string }?]) => {
    const reader = await followEvents(sluice().server.url, query, options)
    readers.push(reader)
    return reader
  }
  const newKey = async (tenantId: string) =>
    (await sluice().request<{ secret: string; keyId: string }>('POST', '/v1/keys', { tenantId, name: 'events' })).body
  const raise = (tenantId: string, subject: string) =>
    sluice().sql(`INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ($1, 'call_stuck', $2, '{}')`, [
      tenantId,
      subject,
    ])
  const subjectOf = ({ data }: Message) => (data.kind === 'alert' ? data.data.subject : data.kind)

  test('a document’s whole life comes in order, and the client asks once', async () => {
    const reader = await follow('?kinds=document,job,ledger')
    const { body } = await sluice().upload('secret-name.md', text)
    const { documentId, job } = body.document
    const seen = await reader.until(isLive)
    await sluice().request('DELETE', `/v1/documents/${documentId}`)
    seen.push(...(await reader.until(({ data }) => data.kind === 'document' && data.data.change === 'deleted')))
    for (const { data } of seen) assert.equal(data.documentId, documentId)
    const steps = seen.flatMap(({ data }) => {
      if (data.kind === 'document') return [`document ${data.data.change}`]
      return data.kind === 'job' && data.jobId === job.jobId ? [`${data.data.stage} ${data.data.state}`] : []
    })
    assert.deepEqual(steps, [
      'document created',
      'parse queued',
      ...['parse running', 'chunk queued', 'chunk running', 'embed queued', 'embed running', 'publish queued'],
      ...['publish running', 'publish succeeded', 'document live', 'document deleted'],
    ])
    assert.ok(seen.some(({ data }) => data.kind === 'ledger' && BigInt(data.data.shadowNanoUsd) > 0n))
    assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
  })

  test('I32: every event has the shape of the contract, and neither content nor the name of the file', async () => {
    const reader = await follow('?tenant=*')
    await sluice().upload('secret-name.md', `${text}Again.`)
    const budget = { capNanoUsd: '5000000000', period: 'day', timeZone: 'UTC' }
    await sluice().request('PUT', '/v1/budgets/*/shape', budget)
    await sluice().request('PUT', '/v1/budgets/*/shape', budget)
    await sluice().request('PUT', '/v1/budgets/*/shape', { ...budget, capNanoUsd: '6000000000' })
    await sluice().request('DELETE', '/v1/budgets/*/shape')
    await sluice().request('PUT', '/v1/modes/*/parse', { mode: 'mock', reason: 'to see it' })
    await sluice().request('DELETE', '/v1/modes/*/parse')
    await sluice().sql(`INSERT INTO sluice.provider_health (provider) VALUES ('sick')`)
    await sluice().sql(`UPDATE sluice.provider_health SET state = 'open', retry_at = now() WHERE provider = 'sick'`)
    await raise('default', 'shape')
    const kinds = new Set<string>()
    let isEnded = false
    const seen = await reader.until(message => {
      kinds.add(message.name)
      isEnded ||= isDone(message)
      return isEnded && kinds.size === 8
    })
    for (const message of seen) {
      assert.deepEqual(eventSchema.parse(message.data), message.data)
      assert.equal(message.name, message.data.kind)
      assert.doesNotMatch(JSON.stringify(message), /valve|secret-name/)
    }
    const budgets = seen.flatMap(({ data }) =>
      data.kind === 'budget' ? [[data.data.change, data.data.capNanoUsd]] : [],
    )
    assert.deepEqual(budgets, [
      ['set', '5000000000'],
      ['set', '6000000000'],
      ['removed', '6000000000'],
    ])
    assert.deepEqual([...kinds].sort(), 'alert audit budget decision document job ledger provider'.split(' '))
  })

  test('I30: a tenant sees its own events only; an admin’s key those of nobody in particular, and others where it names them', async () => {
    const [mine, theirs] = [await newKey('mine'), await newKey('theirs')]
    const own = await follow('', { secret: mine.secret })
    const named = await follow('?tenant=mine', { secret: mine.secret })
    const admin = await follow()
    const adminOfTheirs = await follow('?tenant=theirs')
    const all = await follow('?tenant=*')
    for (const tenant of ['theirs', '*', 'default', 'mine', 'theirs', '*', 'mine'])
      await raise(tenant, `${tenant} ${crypto.randomUUID()}`)
    await raise('mine', 'last of mine')
    await raise('*', 'last of all')
    const tenantsOf = async (reader: EventReader, last: string) =>
      new Set((await reader.until(message => subjectOf(message) === last)).map(({ data }) => data.tenantId))
    for (const reader of [own, named]) assert.deepEqual(await tenantsOf(reader, 'last of mine'), new Set(['mine']))
    assert.deepEqual(await tenantsOf(admin, 'last of all'), new Set(['*', 'default']))
    assert.deepEqual(await tenantsOf(adminOfTheirs, 'last of all'), new Set(['theirs', '*']))
    assert.deepEqual(await tenantsOf(all, 'last of all'), new Set(['theirs', '*', 'default', 'mine']))

    // What was missed is filtered like what comes; an id of somebody else's stream opens nothing.
    const resumed = await follow('', { secret: mine.secret, lastId: adminOfTheirs.lastId() })
    const before = await follow('', { secret: mine.secret, lastId: own.lastId() })
    await raise('theirs', 'after the cut')
    await raise('mine', 'end')
    for (const reader of [resumed, before]) assert.deepEqual(await tenantsOf(reader, 'end'), new Set(['mine']))
    for (const tenant of ['theirs', '*'])
      assert.equal((await follow(`?tenant=${tenant}`, { secret: mine.secret })).status, 403)
    assert.equal((await follow('', { secret: 'sk-sluice-nobody' })).status, 401)
    assert.ok(theirs.secret)
  })

  test('after a cut anywhere it goes on without loss or doubles, also with kinds alone', async () => {
    const first = await follow('?kinds=alert')
    const subjects = Array.from({ length: 40 }, (_, i) => `resume ${i}`)
    await sluice().sql(
      `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) SELECT 'default', 'call_stuck', s, '{}' FROM unnest($1::text[]) s`,
      [subjects.slice(0, 20)],
    )
    const seen: string[] = []
    let reader = first
    let missed = subjects.slice(20)
    while (seen.length < 40) {
      for (let i = 0; i < 7 && seen.length < 40; i++) seen.push(subjectOf((await reader.next()) as Message))
      reader.cut()
      for (const subject of missed) await raise('default', subject)
      missed = []
      reader = await follow(`?kinds=alert&after=${reader.lastId()}`)
    }
    assert.deepEqual(seen, subjects)
  })

  test('whoever missed what is forgotten, or has an id of elsewhere, is told so and goes on from now', async () => {
    const reader = await follow('?kinds=alert')
    const start = reader.lastId()
    await raise('default', 'to be forgotten')
    await raise('default', 'to be kept')
    await reader.until(message => subjectOf(message) === 'to be kept')
    const kept = reader.lastId()
    await forgetOldEvents(sluice().database, 1)
    const ids = {
      forgotten: [start],
      unknown: ['nonsense', kept.replace(/^\w+/, 'ffffffff'), `${kept.split('.')[0]}.zzzzzzz`],
    }
    for (const [reason, lastIds] of Object.entries(ids)) {
      for (const lastId of lastIds) {
        const late = await follow('?kinds=alert', { lastId })
        const told = (await late.next()) as Message
        assert.equal(resetReason(told), reason, lastId)
        await raise('default', `after ${lastId}`)
        assert.equal(subjectOf((await late.next()) as Message), `after ${lastId}`)
      }
    }
    const whole = await follow('?kinds=alert', { lastId: kept })
    assert.equal(subjectOf((await whole.next()) as Message), `after ${start}`)
  })

  test('after a crash of the database, of which the lost row is the sign, all who follow are told', async () => {
    const reader = await follow()
    const { id } = { id: reader.lastId() }
    await sluice().sql('DELETE FROM sluice.event_stream')
    assert.equal(resetReason((await reader.next()) as Message), 'unknown')
    assert.equal(resetReason((await (await follow('', { lastId: id })).next()) as Message), 'unknown')
    await raise('default', 'after the crash')
    assert.equal(subjectOf((await reader.next()) as Message), 'after the crash')
  })

  test('entries that a hold takes back are not told', async () => {
    const reader = await follow('?kinds=ledger,alert')
    const entry = `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, service, provider, model, mode, simulated, reasons,
      purpose, units, cost_nano_usd, shadow_nano_usd)
      VALUES ('default', $1, $1, 'embed', 'p', 'm', 'mock', true, '{}', 'ingest', 1, 1, 1)`
    const [lost, kept] = [crypto.randomUUID(), crypto.randomUUID()]
    await sluice().database.transaction(async ({ client }) => {
      for (const id of [lost, kept]) await client.query(entry, [id])
      await client.query('DELETE FROM sluice.ledger_entries WHERE entry_id = $1', [lost])
    })
    await raise('default', 'behind the entries')
    const seen = await reader.until(message => subjectOf(message) === 'behind the entries')
    assert.deepEqual(
      seen.filter(({ name }) => name === 'ledger').map(({ data }) => data.callId),
      [kept],
    )
  })

  test('a wrong kind is refused by its name', async () => {
    const { status, body } = await sluice().request<{ detail: string }>('GET', '/v1/events?kinds=job,jobs')
    assert.equal(status, 400)
    assert.match(body.detail, /there is no kind jobs; there are job, document/)
  })
})

describe('events of two processes over one PostgreSQL', {
  skip: process.env.TEST_DATABASE_URL ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let place: Place
  let one: SluiceUnderTest
  let other: SluiceUnderTest
  before(async () => {
    place = await createPostgresPlace()
    one = await startSluice(place)
    other = await startSluice(place, { SLUICE_WORKERS: 'off' })
  })
  after(async () => {
    await one.close()
    await other.close()
    await place.remove()
  })

  test('what the one does reaches who follows the other, and an id of the one is good at the other', async () => {
    const reader = await followEvents(other.server.url, '?kinds=document,job')
    await one.upload('valves.md', text)
    const seen = await reader.until(isDone)
    reader.cut()
    const again = await followEvents(one.server.url, '?kinds=document,job', { lastId: reader.lastId() })
    const rest = await again.until(isLive)
    again.cut()
    assert.equal(seen[0]?.name, 'document')
    assert.equal(new Set([...seen, ...rest].map(({ data }) => data.eventId)).size, seen.length + rest.length)
  })

  test('a transaction that stays open holds nobody else’s events up, and its own come when it commits', async () => {
    const reader = await followEvents(other.server.url, '?kinds=alert')
    const alert = `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('default', 'call_stuck', $1, '{}')`
    let lastId = ''
    await one.database.transaction(async ({ client }) => {
      await client.query(alert, ['early, committed late'])
      await one.sql(alert, ['late, committed early'])
      const [first] = await reader.until(() => true)
      assert.equal(first?.data.kind === 'alert' && first.data.data.subject, 'late, committed early')
      lastId = reader.lastId()
      reader.cut()
    })
    // An id that was given while the transaction was open still knows that it was.
    const again = await followEvents(one.server.url, '?kinds=alert', { lastId })
    const [second] = await again.until(() => true)
    again.cut()
    assert.equal(second?.data.kind === 'alert' && second.data.data.subject, 'early, committed late')
  })

  test('while many commit out of order, whoever is cut again and again has everything once', async () => {
    const start = await followEvents(one.server.url, '?kinds=alert')
    start.cut()
    const wanted = new Set<string>()
    const write = async (writer: number) => {
      for (let i = 0; i < 25; i++) {
        await one.database.transaction(async ({ client }) => {
          for (let part = 0; part <= i % 3; part++) {
            const subject = `writer ${writer}, ${i}, ${part}`
            wanted.add(subject)
            await client.query(
              `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('default', 'call_stuck', $1, '{}')`,
              [subject],
            )
            await client.query('SELECT pg_sleep($1)', [((writer * 7 + i * 3 + part * 5) % 11) / 1_000])
          }
        })
      }
    }
    const writing = Promise.all([1, 2, 3, 4, 5].map(write)).then(() =>
      one.sql(
        `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('default', 'call_stuck', 'end', '{}')`,
      ),
    )
    const seen: string[] = []
    for (let cuts = 0, lastId = start.lastId(); seen.at(-1) !== 'end'; cuts++) {
      const reader = await followEvents((cuts % 2 === 0 ? one : other).server.url, '?kinds=alert', { lastId })
      for (let i = 0; i < 1 + ((cuts * 5) % 13) && seen.at(-1) !== 'end'; i++) {
        const message = await reader.next()
        if (message?.data.kind === 'alert') seen.push(message.data.data.subject)
      }
      lastId = reader.lastId()
      reader.cut()
    }
    await writing
    assert.equal(new Set(seen).size, seen.length, 'something was told twice')
    assert.deepEqual(seen.slice(0, -1).toSorted(), [...wanted].toSorted())
    const orderOf = (writer: number) => seen.filter(subject => subject.startsWith(`writer ${writer},`))
    for (const writer of [1, 2, 3, 4, 5]) {
      const order = orderOf(writer)
      assert.deepEqual(
        order,
        [...wanted].filter(subject => order.includes(subject)),
      )
    }
  })

  test('when a server stops, its streams end, and it does not wait for them', async () => {
    const third = await startSluice(place, { SLUICE_WORKERS: 'off' })
    const readers = [await followEvents(third.server.url), await followEvents(third.server.url)]
    const startedAt = performance.now()
    const ends = Promise.all(readers.map(reader => reader.next()))
    await third.close()
    assert.deepEqual(await ends, [null, null])
    assert.ok(performance.now() - startedAt < 5_000)
  })
})
