import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { Call } from '../src/contract/call.ts'
import type { CostReport } from '../src/contract/costs.ts'
import type { JobDetail } from '../src/contract/job-view.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { bookCalls } from '../src/ledger/book-calls.sql.ts'
import { embedBatch } from '../src/pipeline/embed-batch.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type Client, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

/** Real mode: the real client, over HTTP, to the simulator, which counts what it charges. */
onBothDatabases('paid calls', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  let openAi: OpenAiSimulator
  let served: Awaited<ReturnType<typeof serveHandler>>
  let client: Client

  before(async () => {
    place = await createPlace()
    const counter = createTokenCounter()
    openAi = createOpenAiSimulator({
      countTokens: text => counter.count(text),
      price: (_model, tokens) => BigInt(tokens) * 20n,
      nowMs: () => performance.now(),
    })
    served = await serveHandler(openAi.fetch)
    sluice = await startSluice(place, {
      SLUICE_EMBED_MODE: 'real',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${served.url}/v1`,
    })
  })
  after(async () => {
    await sluice.close()
    await served.close()
    await place.remove()
  })

  const costs = async (query = 'by=service') =>
    (await client.request<Extract<CostReport, { kind: 'sums' }>>('GET', `/v1/costs?${query}`)).body
  const doubts = async () => (await client.request<{ calls: Call[] }>('GET', '/v1/calls')).body.calls
  const reaches = (jobId: string, state: string): Promise<JobDetail> =>
    until(`job ${jobId} is ${state}`, async () => {
      const job = await client.job(jobId)
      return job.state === state && job
    })
  const balanced = async () => assert.deepEqual(await findImbalances(sluice.database), [])
  const start = async (name: string, text: string) => (await client.upload(name, text)).body.document.job.jobId

  test('a paid call leaves a hold that is settled, and the books say what was charged', async () => {
    client = await sluice.clientOf('pays')
    await client.ingest('a.md', '# Pumps\n\nThe pump lifts water.')
    const { totals } = await costs()
    assert.ok(BigInt(totals.costNanoUsd) > 0n)
    assert.equal(totals.costNanoUsd, String(openAi.counters().chargedNanoUsd))
    assert.equal(totals.heldNanoUsd, '0')
    const kinds = await sluice.sql<{ kind: string }>(
      `SELECT kind FROM sluice.ledger_entries WHERE tenant_id = 'pays' AND service = 'embed' ORDER BY kind`,
    )
    assert.deepEqual(
      kinds.map(row => row.kind),
      ['hold', 'release', 'settlement'],
    )
    await balanced()
  })

  test('P12: what another process has bought between the look and the hold is not bought again', async () => {
    client = await sluice.clientOf('races')
    await client.ingest('a.md', '# Valves\n\nThe valve closes.')
    const before = openAi.counters().requests
    const { spaces } = sluice.server.sluice.services
    const rows = await sluice.sql<{ text_hash: Buffer; token_count: number }>(
      "SELECT text_hash, token_count FROM sluice.chunks WHERE tenant_id = 'races'",
    )
    const texts = rows.map(row => ({ textHash: row.text_hash, tokenCount: row.token_count }))
    const { spaceId } = spaces.configured
    const lane = { tenantId: 'races', purpose: 'ingest', quoteId: null, spaceId } as const
    const share = { documentId: null, jobId: null, apiKeyId: null, tags: [] }
    const order = { lane, share, texts, signal: new AbortController().signal, stored() {}, failed() {} }
    const options = { database: sluice.database, serviceOf: spaces.serviceById, bookCalls, timeoutMs: 10_000 }
    await assert.rejects(embedBatch(options, lane, [{ order, texts }]), { code: 'call_deferred' })
    assert.equal(openAi.counters().requests, before)
    const open = await sluice.sql(
      "SELECT 1 FROM sluice.holds WHERE tenant_id = 'races' AND state NOT IN ('settled', 'void')",
    )
    assert.equal(open.length, 0)
    await balanced()
  })

  test('P9: a charged call whose answer is lost keeps its hold, is shown in doubt, and is never sent again by itself', async () => {
    client = await sluice.clientOf('doubts')
    await sluice.request('PUT', '/v1/budgets/doubts/embed', { capNanoUsd: '1000000', period: 'month' })
    openAi.inject({ kind: 'connection_lost', billed: true })
    const before = openAi.counters().requests
    const jobId = await start('a.md', '# Valves\n\nA butterfly valve closes the main.')
    const parked = await reaches(jobId, 'deferred')
    assert.equal(parked.deferral?.reason, 'in_doubt')
    assert.equal(parked.failures, 0)
    const [call, ...others] = await doubts()
    assert.ok(call && others.length === 0)
    assert.match(parked.deferral?.message ?? '', new RegExp(call.callId))
    const { totals } = await costs()
    assert.deepEqual([totals.heldNanoUsd, totals.inDoubtNanoUsd], [call.heldNanoUsd, call.heldNanoUsd])
    // Another document with the same text does not buy it either.
    const other = await start('b.md', '# Valves\n\nA butterfly valve closes the main.\n')
    assert.equal((await reaches(other, 'deferred')).deferral?.reason, 'in_doubt')
    assert.equal(openAi.counters().requests, before + 1)

    const answer = await sluice.request('POST', `/v1/calls/${call.callId}/resolve`, { outcome: 'charged' })
    assert.equal(answer.status, 204)
    await reaches(jobId, 'succeeded')
    await reaches(other, 'succeeded')
    assert.deepEqual(await doubts(), [])
    const after = await costs()
    assert.equal(after.totals.heldNanoUsd, '0')
    assert.equal(after.totals.costNanoUsd, String(2n * BigInt(call.heldNanoUsd)), 'the lost one, and the one after')
    const again = await sluice.request('POST', `/v1/calls/${call.callId}/resolve`, { outcome: 'charged' })
    assert.equal(again.status, 409)
    await balanced()
  })

  test('a call in doubt that was not charged gives its money back', async () => {
    client = await sluice.clientOf('relieved')
    openAi.inject({ kind: 'connection_lost', billed: false })
    const jobId = await start('a.md', '# Tanks\n\nThe tank is full.')
    await reaches(jobId, 'deferred')
    const [call] = await doubts()
    await sluice.request('POST', `/v1/calls/${call?.callId}/resolve`, {
      outcome: 'not_charged',
      reason: 'not on the bill',
    })
    await reaches(jobId, 'succeeded')
    assert.equal((await costs()).totals.costNanoUsd, call?.heldNanoUsd)
  })

  test('P18: a 429 costs nothing, burns no attempt, and ends its hold', async () => {
    client = await sluice.clientOf('limited')
    openAi.inject({ kind: 'rate_limited', retryAfterMs: 50 })
    const jobId = await start('a.md', '# Filters\n\nThe filter is clean.')
    await reaches(jobId, 'succeeded')
    const { totals } = await costs()
    assert.equal(totals.heldNanoUsd, '0')
    const [settled] = await sluice.sql<{ cost: string }>(
      `SELECT sum(cost_nano_usd)::text AS cost FROM sluice.ledger_entries WHERE tenant_id = 'limited'`,
    )
    assert.equal(settled?.cost, totals.costNanoUsd)
    await balanced()
  })

  test('P1: many documents at once never spend more than the cap; the rest waits and goes on when it is raised', async () => {
    client = await sluice.clientOf('capped')
    const cap = { service: 'embed', period: 'total' }
    await sluice.request('PUT', '/v1/budgets/capped/embed', { ...cap, capNanoUsd: '3000' })
    const jobs: string[] = []
    for (let i = 0; i < 12; i++)
      jobs.push(await start(`${i}.md`, `# Report ${i}\n\n${`Meter ${i} reads ${i * 37}. `.repeat(8)}`))
    const parked = await until('all have ended or wait', async () => {
      const states = await Promise.all(jobs.map(id => client.job(id)))
      return states.every(job => ['succeeded', 'deferred'].includes(job.state)) && states
    })
    assert.ok(parked.some(job => job.state === 'deferred') && parked.some(job => job.state === 'succeeded'))
    assert.ok(BigInt((await costs()).totals.costNanoUsd) <= 3000n)
    await sluice.request('PUT', '/v1/budgets/capped/embed', { ...cap, capNanoUsd: '1000000' })
    for (const jobId of jobs) await reaches(jobId, 'succeeded')
    await balanced()
  })

  test('P12, P11: an edit of one paragraph pays for its chunk alone, and what was there is booked as avoided, not as cost', async () => {
    client = await sluice.clientOf('edits')
    const paragraph = (n: number, more = '') =>
      `## Part ${n}\n\n${`Gauge ${n} was read on day ${n}. `.repeat(20)}${more}\n\n`
    const text = (edited: string) => [1, 2, 3, 4, 5, 6].map(n => paragraph(n, n === 3 ? edited : '')).join('')
    const chunking = { maxTokens: 160 }
    await client.ingest('a.md', text(''), { chunking })
    const first = BigInt((await costs()).totals.costNanoUsd)
    await client.ingest('b.md', text('It was replaced.'), { chunking })
    const { totals } = await costs()
    const second = BigInt(totals.costNanoUsd) - first
    assert.ok(second > 0n && second < first / 2n, `${second} of ${first}`)
    assert.ok(BigInt(totals.avoidedNanoUsd) >= first - second - first / 10n, JSON.stringify(totals))
    const byTag = await costs('by=tag')
    assert.equal(byTag.rows[0]?.tag, '')
  })

  test('the same bytes again buy nothing: what they would have cost is avoided', async () => {
    client = await sluice.clientOf('twice')
    await client.ingest('a.md', '# One\n\nThe same bytes.')
    const first = (await costs()).totals
    assert.deepEqual((await client.upload('b.md', '# One\n\nThe same bytes.')).status, 200)
    const { totals } = await costs()
    assert.equal(totals.costNanoUsd, first.costNanoUsd)
    assert.equal(totals.avoidedNanoUsd, first.costNanoUsd)
    assert.equal(totals.avoidedShadowNanoUsd, first.shadowNanoUsd)
  })

  test('processing again parses nothing again: its pages are avoided', async () => {
    client = await sluice.clientOf('again')
    const document = await client.ingest('a.md', '# One\n\nText of one page.')
    const answer = await client.request<{ job: { jobId: string } }>(
      'POST',
      `/v1/documents/${document.documentId}/versions`,
      {
        chunking: { maxTokens: 64, overlapTokens: 0 },
      },
    )
    await reaches(answer.body.job.jobId, 'succeeded')
    const { rows } = await costs('by=service')
    const parse = rows.find(row => row.service === 'parse')
    assert.deepEqual([parse?.calls, parse?.avoidedShadowNanoUsd], [1, '3750000'])
  })
})
