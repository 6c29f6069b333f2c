import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReembeddingView, ReembedQuote, SpaceView } from '../src/contract/reembedding.ts'
import { onEitherDatabase, type Place } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'

const small = 'simulated-openai-text-embedding-3-small-1536-2'
const other = 'simulated-openai-text-embedding-3-small-512-2'

onEitherDatabase('re-embedding', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place)
    for (let i = 0; i < 4; i++) await sluice.upload(`doc-${i}.md`, writeMarkdown(i, 6, 60))
    await sluice.settled()
  })
  after(async () => {
    await sluice.close()
    await place.remove()
  })
  const start = async (target: object, more: object = {}) =>
    await sluice.request<ReembeddingView>('POST', '/v1/reembeddings', { target, ...more })
  const quoteOf = async (target: object) =>
    (await sluice.request<ReembedQuote>('POST', '/v1/reembeddings/quote', target)).body
  const spaces = async () => (await sluice.request<{ spaces: SpaceView[] }>('GET', '/v1/spaces')).body.spaces
  const look = async (id: string) => (await sluice.request<ReembeddingView>('GET', `/v1/reembeddings/${id}`)).body
  const ended = async (id: string) =>
    await until('the re-embedding has ended', async () => {
      const view = await look(id)
      return view.state !== 'running' && view
    })
  const paidTokens = async () => {
    const [row] = await sluice.sql<{ tokens: number }>(
      "SELECT coalesce(sum(units), 0)::int AS tokens FROM sluice.ledger_entries WHERE purpose = 'reembed' AND kind = 'settlement'",
    )
    return row?.tokens ?? 0
  }
  const searched = async () => {
    const { method, space, hits, degraded } = await sluice.search('text of a document', { k: 20 })
    assert.equal(method, 'hybrid', degraded ?? '')
    const dimensions = new Set(hits.map(hit => hit.provenance.embed.dimensions))
    return { dimensions: space?.dimensions, ofHits: [...dimensions], degraded }
  }

  test('a space is quoted first, and refused when it costs more than allowed', async () => {
    const quote = await quoteOf({ dimensions: 512 })
    assert.equal(quote.space.spaceId, other)
    assert.equal(quote.from, small)
    assert.ok(quote.texts > 4 && quote.tokens > quote.texts)
    assert.equal(quote.shadowNanoUsd, String(quote.tokens * 20))
    const unknown = await sluice.request<{ code: string }>('POST', '/v1/reembeddings', { target: { spaceId: 'none' } })
    assert.equal(unknown.body.code, 'not_found')
    const unpriced = await sluice.request<{ code: string }>('POST', '/v1/reembeddings', {
      target: { model: 'unheard-of' },
    })
    assert.equal(unpriced.body.code, 'call_unpriceable')
    assert.deepEqual(
      (await spaces()).map(({ spaceId, live, covered, texts }) => [spaceId, live, covered === texts]),
      [[small, true, true]],
    )
  })

  test('every text is embedded once in the new space, paid at most as quoted, then search uses it for all documents at once', async () => {
    const quote = await quoteOf({ dimensions: 512 })
    const { status, body } = await start({ dimensions: 512 })
    assert.equal(status, 202)
    const view = await ended(body.reembeddingId)
    assert.equal(view.state, 'succeeded', JSON.stringify(view.error))
    assert.equal(view.embeddedTexts, quote.texts)
    const paid = await paidTokens()
    assert.ok(paid > 0 && paid <= quote.tokens, `${paid} of ${quote.tokens}`)
    assert.deepEqual(await searched(), { dimensions: 512, ofHits: [512], degraded: null })
    const documents = await sluice.settled()
    assert.ok(documents.every(document => document.live?.provenance.embed.dimensions === 512))
    const [live] = await spaces()
    assert.equal(live?.spaceId, other)
  })

  test('new documents go into the space that is searched, and it can be switched back: only what is missing is paid', async () => {
    const added = await sluice.ingest('later.md', writeMarkdown(77, 5, 60))
    assert.equal(added.live?.provenance.embed.dimensions, 512)
    const quote = await quoteOf({ spaceId: small })
    assert.ok(quote.texts > 0 && quote.texts < 10, `${quote.texts} texts, those of the new document`)
    const before = await paidTokens()
    const { body } = await start({ spaceId: small })
    assert.equal((await ended(body.reembeddingId)).state, 'succeeded')
    assert.ok((await paidTokens()) - before <= quote.tokens)
    assert.deepEqual(await searched(), { dimensions: 1536, ofHits: [1536], degraded: null })
  })

  test('a document that is published after the switch is embedded in the new space before it is', async () => {
    const document = await sluice.ingest('between.md', writeMarkdown(78, 4, 60))
    const { jobId, versionId } = document.job
    await sluice.sql('UPDATE sluice.documents SET live_version_id = NULL WHERE document_id = $1', [document.documentId])
    const { body } = await start({ dimensions: 512 })
    assert.equal((await ended(body.reembeddingId)).state, 'succeeded')
    // As if it had waited to be published all the time, with its vectors in the former space.
    await sluice.sql('UPDATE sluice.versions SET space_id = $2 WHERE version_id = $1', [versionId, small])
    await sluice.sql(
      `UPDATE sluice.jobs SET state = 'retrying', stage = 'publish', finished_at = NULL, error_code = 'internal_error', wake_at = now(),
        deadline_at = now() WHERE job_id = $1`,
      [jobId],
    )
    const done = await until('it is published', async () => {
      await makeDue(sluice)
      const now = await sluice.document(document.documentId)
      return now.live && now
    })
    assert.equal(done.live?.provenance.embed.dimensions, 512)
    const { events } = await sluice.job(jobId)
    assert.ok(events.some(event => event.error?.code === 'version_incomplete'))
    assert.deepEqual(await searched(), { dimensions: 512, ofHits: [512], degraded: null })
  })

  test('without money it waits and says for what; with more it goes on, also after a restart, and pays nothing twice', async () => {
    const quote = await quoteOf({ dimensions: 256 })
    const settings = { service: 'embed', money: 'shadow', period: 'day', policy: 'defer' }
    const budget = async (capNanoUsd: string) =>
      await sluice.request('PUT', '/v1/budgets/default/shadow', { ...settings, capNanoUsd, timeZone: 'UTC' })
    assert.equal((await budget('1')).status, 200)
    const { body } = await start({ dimensions: 256 })
    const second = await sluice.request<{ code: string }>('POST', '/v1/reembeddings', { target: {} })
    assert.equal(second.body.code, 'job_state_conflict')
    const waiting = await until('it waits', async () => {
      const view = await look(body.reembeddingId)
      return view.waitsFor !== null && view
    })
    assert.match(waiting.waitsFor ?? '', /budget/)
    assert.equal((await spaces())[0]?.spaceId, other, 'search goes on as it was')
    await sluice.close()
    sluice = await startSluice(place)
    const before = await paidTokens()
    await budget('1000000000000')
    await sluice.sql("UPDATE sluice.reembeddings SET wake_at = now() WHERE state = 'running'")
    const view = await ended(body.reembeddingId)
    assert.equal(view.state, 'succeeded')
    assert.ok((await paidTokens()) - before <= quote.tokens)
    assert.deepEqual(await searched(), { dimensions: 256, ofHits: [256], degraded: null })
  })

  test('one that is cancelled leaves search as it is', async () => {
    const { body } = await start({ dimensions: 128 })
    const { body: cancelled } = await sluice.request<ReembeddingView>(
      'POST',
      `/v1/reembeddings/${body.reembeddingId}/cancel`,
    )
    assert.equal(cancelled.state, 'cancelled')
    assert.equal((await searched()).dimensions, 256)
  })

  test('vectors of more dimensions than fit on a page are stored and searched', async () => {
    const { body } = await start({ model: 'text-embedding-3-large', dimensions: 3072 })
    assert.equal((await ended(body.reembeddingId)).state, 'succeeded')
    assert.deepEqual(await searched(), { dimensions: 3072, ofHits: [3072], degraded: null })
  })
})
