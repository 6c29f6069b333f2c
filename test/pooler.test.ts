import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { copyIn } from '../src/platform/copy-in.ts'
import { encodeCopyRows } from '../src/platform/copy-rows.ts'
import { openDatabase } from '../src/platform/database.ts'
import { assertExactlyOnce } from './harness/assert-exactly-once.ts'
import { crashDocuments } from './harness/crash-documents.ts'
import { createPostgresPlace, type Place } from './harness/databases.ts'
import { followEvents } from './harness/follow-events.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { type Pooler, startPooler, whyNoPooler } from './harness/start-pooler.ts'

const why = whyNoPooler()

describe('I21: on a transaction pooler, where no two statements need meet on one connection', {
  skip: why ?? false,
}, () => {
  let place: Place
  let pooler: Pooler
  let url = ''
  before(async () => {
    place = await createPostgresPlace()
    const direct = place.environment.DATABASE_URL ?? ''
    pooler = await startPooler(direct)
    url = pooler.urlFor(direct)
  })
  after(async () => {
    await pooler.stop()
    await place.remove()
  })

  test('two servers bring what was uploaded to search hits, and start again', { timeout: 120_000 }, async () => {
    const servers: SluiceUnderTest[] = []
    const documents = crashDocuments(12)
    const pooled = { ...place, environment: { ...place.environment, DATABASE_URL: url } }
    for (let i = 0; i < 2; i++) servers.push(await startSluice(pooled))
    const [first, second] = servers as [SluiceUnderTest, SluiceUnderTest]
    const events = await followEvents(second.server.url, '?kinds=document')
    await Promise.all(
      documents.map(async (d, i) => {
        const { status } = await (i % 2 === 0 ? first : second).upload(d.name, d.text, { idempotencyKey: d.name })
        assert.equal(status, 201)
      }),
    )
    for (const document of await first.settled())
      assert.equal(document.job.state, 'succeeded', document.job.error?.message ?? '')
    let live = 0
    await events.until(
      ({ data }) => data.kind === 'document' && data.data.change === 'live' && ++live === documents.length,
    )
    events.cut()
    const { hits, method } = await second.search('Which report is about pump number 3-1?', { k: 3 })
    assert.equal(method, 'hybrid')
    assert.equal(hits.length, 3)
    for (const server of servers) await server.close()
    const again = await startSluice(pooled)
    assert.equal((await again.search('members of the water board')).hits[0]?.fileName.startsWith('report-'), true)
    await again.close()
    await assertExactlyOnce(place, documents)
  })

  test('a refused COPY leaves the connection usable for the next one', async () => {
    const database = await openDatabase({ kind: 'postgres', url, maxConnections: 1 })
    try {
      const rows = encodeCopyRows([[{ int4: 1 }], [{ int4: 1 }]])
      await database.session(({ client }) => client.query('CREATE TABLE once_only (id int PRIMARY KEY)'))
      const statement = 'COPY once_only FROM STDIN (FORMAT binary)'
      await assert.rejects(
        database.session(({ client }) => copyIn(client, 'COPY nothing FROM STDIN (FORMAT binary)', rows)),
        /does not exist/,
      )
      await assert.rejects(
        database.session(({ client }) => copyIn(client, statement, rows)),
        /duplicate key/,
      )
      assert.equal(
        await database.session(({ client }) => copyIn(client, statement, encodeCopyRows([[{ int4: 2 }]]))),
        1,
      )
    } finally {
      await database.close()
    }
  })
})
