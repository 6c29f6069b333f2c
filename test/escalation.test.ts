import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { findForsakenCalls } from '../src/app/find-forsaken-calls.ts'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import { isTerminal } from '../src/contract/job.ts'
import type { Explanation } from '../src/contract/route-decision.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { basicOptions } from '../src/providers/llamaparse/__fixtures__/parse-client.fs.ts'
import { createLlamaParse } from '../src/providers/llamaparse/parse-client.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { cloudKey, creditNanoUsd } from './harness/paid-cloud.ts'
import { buildSlides } from './harness/slides.ts'
import type { UploadOptions } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const [agentic, costEffective] = [10n * creditNanoUsd, 3n * creditNanoUsd]

onEitherDatabase('a page that a tier has read badly', createPlace => {
  /** The pages of the presentation that is uploaded; a test's documents are worked on one after the other. */
  let pages: string[] = []
  const { sluice, cloud } = usePaidCloud(createPlace, {
    impatient: true,
    environment: {
      SLUICE_PARSE_MODE: 'hybrid',
      SLUICE_ROUTING_POLICY: 'balanced',
      SLUICE_LLAMAPARSE_RETENTION: 'delete',
    },
    cloud: { parse: async () => ({ pages: pages.map((markdown, i) => ({ pageNumber: i + 1, markdown })) }) },
  })
  const ingest = async (name: string, tables: number, options: UploadOptions = {}): Promise<DocumentDetail> => {
    const slides = buildSlides(name, tables)
    pages = slides.pages
    const { body } = await sluice().upload(`${name}.pptx`, slides.bytes, options)
    return await until(`${name} is done`, async () => {
      const document = await sluice().document(body.document.documentId)
      return isTerminal(document.job.state) && document
    })
  }
  /** What each call to LlamaParse for a document has cost, by tier. */
  const paidFor = async ({ documentId }: DocumentDetail) => {
    const rows = await until('its bills are booked', async () => {
      const all = await sluice().sql<{ model: string; cost: bigint; held: bigint }>(
        `SELECT model, sum(cost_nano_usd)::bigint AS cost, sum(held_nano_usd)::bigint AS held FROM sluice.ledger_entries
          WHERE document_id = $1 AND provider = 'llamaparse' AND kind <> 'avoided' GROUP BY call_id, model ORDER BY model`,
        [documentId],
      )
      return all.every(row => row.held === 0n) && all
    })
    return rows.filter(row => row.cost > 0n).map(({ model, cost }) => [model, cost])
  }
  const pageOf = async ({ documentId }: DocumentDetail, number: number) =>
    (await sluice().request<{ markdown: string }>('GET', `/v1/documents/${documentId}/pages/${number}`)).body.markdown
  const explain = async ({ job }: DocumentDetail) =>
    (await sluice().request<Explanation>('GET', `/v1/jobs/${job.jobId}/explanation`)).body
  const notesOf = ({ live }: DocumentDetail) => live?.notes ?? assert.fail('it is not live')
  const spent = async () => {
    const [row] = await sluice().sql<{ cost: bigint }>(
      'SELECT sum(cost_nano_usd)::bigint AS cost FROM sluice.ledger_entries',
    )
    return row?.cost ?? 0n
  }
  const setCap = (capNanoUsd: bigint) =>
    sluice().request('PUT', '/v1/budgets/*/all', {
      service: 'parse',
      money: 'real',
      capNanoUsd: String(capNanoUsd),
      period: 'total',
    })

  test('goes to the next tier, alone; its better reading is in the document, both are charged once, and it is told', async () => {
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '3' })
    const document = await ingest('improved', 2)
    assert.equal(document.job.state, 'succeeded')
    assert.match(await pageOf(document, 2), /\| North field of improved \|/)
    assert.match(await pageOf(document, 3), /\| North field of improved \|/)
    assert.deepEqual(await paidFor(document), [
      ['agentic', agentic],
      ['cost_effective', 2n * costEffective],
    ])
    const { credits, requests } = cloud().simulator.counters()
    assert.deepEqual([credits, requests.upload], [2 * 3 + 10, 2])
    assert.deepEqual(notesOf(document), [
      'Page 1 read on this machine, pages 2-3 by llamaparse cost_effective.',
      'Page 3 (faulty) had been read badly at cost_effective (1 table(s) were found here, and none by the provider), and was read again at agentic, for $0.0125.',
    ])
    const { sentences, decisions } = await explain(document)
    assert.match(
      sentences.join('\n'),
      /parse of page\(s\) 3 went to llamaparse agentic.*page 3 \(faulty\) had been read badly at cost_effective .*1 table\(s\)/,
    )
    assert.ok(decisions.some(d => d.pages === '2-3' && d.model === 'cost_effective'))
    const [kept] = await sluice().sql<{ parses: number }>(
      'SELECT count(*)::int AS parses FROM sluice.parses WHERE document_id = $1',
      [document.documentId],
    )
    assert.equal(kept?.parses, 1, 'what was kept in between is gone')
    await until('LlamaParse keeps nothing', async () => {
      const [row] = await sluice().sql<{ calls: number }>('SELECT count(*)::int AS calls FROM sluice.remote_calls')
      return row?.calls === 0
    })
    assert.deepEqual(await findImbalances(sluice().database), [])
  })

  test('is not bought again under the best tier that the policy names, and a note says what is wrong with it', async () => {
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2', below: 'agentic_plus' })
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2', below: 'agentic_plus', as: 'empty' })
    const document = await ingest('beyond', 1)
    // Nothing is found in a file whose only page is empty: the job at agentic fails, and the first reading stays.
    assert.deepEqual(await paidFor(document), [
      ['agentic', agentic],
      ['cost_effective', costEffective],
    ])
    const notes = notesOf(document).join('\n')
    assert.match(
      notes,
      /Page 2 was not read again at agentic: .*no text.* What cost_effective made of it stays; `sluice reprocess/,
    )
    assert.match(notes, /Page 2: 1 table\(s\) were found here, and none by the provider\./)
  })

  test('stays as it is where a budget has no room for more, which is not waited for, and nothing is charged', async () => {
    await setCap((await spent()) + costEffective + agentic - 1n)
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2' })
    const document = await ingest('poor', 1)
    assert.equal(document.job.state, 'succeeded')
    assert.deepEqual(await paidFor(document), [['cost_effective', costEffective]])
    assert.match(
      notesOf(document).join('\n'),
      /Page 2 was not read again at agentic: budget all has no room for it \(it needs \$0\.0125, \$0\.000000001 more than there is\)/,
    )
    assert.equal(document.live?.provenance.parse.provisional, undefined)
    const { sentences } = await explain(document)
    assert.match(
      sentences.join('\n'),
      /parse of page\(s\) 2 was not made: .*a budget for llamaparse is exhausted; .* the reading that is there stays/,
    )
    await sluice().request('DELETE', '/v1/budgets/*/all')
  })

  test('takes no more of a quote than is left of it', async () => {
    const hold = async (name: string, credits: bigint) => {
      const amount = (nanoUsd: bigint) => ({ units: 2, realNanoUsd: String(nanoUsd), shadowNanoUsd: String(nanoUsd) })
      const quote = { parse: amount(credits * creditNanoUsd), embed: amount(0n) }
      const { body } = await sluice().request<{ quoteId: string }>('POST', '/v1/quotes/holds', quote)
      cloud().simulator.inject({ kind: 'pages_degraded', pages: '2' })
      return await ingest(name, 1, { quoteId: body.quoteId })
    }
    const little = await hold('little', 12n)
    assert.deepEqual(await paidFor(little), [['cost_effective', costEffective]])
    assert.match(notesOf(little).join('\n'), /its quote has \$0\.01125 left, and it needs \$0\.0125/)
    const enough = await hold('enough', 13n)
    assert.deepEqual(await paidFor(enough), [
      ['agentic', agentic],
      ['cost_effective', costEffective],
    ])
  })

  test('stays as it is while nobody knows what became of the better reading; that is found out afterwards', async () => {
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2' })
    cloud().beforeUploadIsAnswered = async () => {
      cloud().beforeUploadIsAnswered = null
      cloud().simulator.inject({ kind: 'server_error', on: 'upload', done: true })
    }
    const document = await ingest('doubtful', 1)
    assert.equal(document.job.state, 'succeeded')
    assert.match(notesOf(document).join('\n'), /Page 2 was not read again at agentic: Nobody knows whether parse call/)
    const { jobs } = createLlamaParse({ ...basicOptions, apiKey: cloudKey, baseUrl: cloud().url })
    const { database } = sluice()
    const watch = { database, jobsOf: () => jobs, ill: () => [], newId: randomUUID, onError: assert.fail }
    await findForsakenCalls(watch, new AbortController().signal)
    assert.deepEqual(await paidFor(document), [
      ['agentic', agentic],
      ['cost_effective', costEffective],
    ])
  })

  test('stays as it is where LlamaParse has no credits left for it', async () => {
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2' })
    cloud().beforeUploadIsAnswered = async () => {
      cloud().beforeUploadIsAnswered = null
      cloud().simulator.inject({ kind: 'credits_spent' })
    }
    const document = await ingest('stopped', 1)
    assert.equal(document.job.state, 'succeeded')
    assert.deepEqual(await paidFor(document), [['cost_effective', costEffective]])
    assert.match(notesOf(document).join('\n'), /not read again at agentic: Nothing is sent to llamaparse until/)
    await sluice().sql('DELETE FROM sluice.provider_stops')
  })

  test('is in the document as it was first read where LlamaParse dies while the better reading is waited for', async () => {
    cloud().simulator.inject({ kind: 'pages_degraded', pages: '2' })
    cloud().beforeUploadIsAnswered = async () => {
      cloud().beforeUploadIsAnswered = null
      cloud().simulator.inject({ kind: 'job_hangs' })
    }
    const slides = buildSlides('dying', 1)
    pages = slides.pages
    const { body } = await sluice().upload('dying.pptx', slides.bytes)
    const calls = async () =>
      await sluice().sql(
        `SELECT r.call_id FROM sluice.remote_calls r JOIN sluice.holds h USING (tenant_id, call_id)
          JOIN sluice.jobs j ON j.awaited_call_id = r.call_id WHERE h.model = 'agentic' AND j.state = 'waiting'`,
      )
    await until('it waits for the better reading', async () => (await calls()).length > 0)
    cloud().outage = { kind: 'down', uploads: 0 }
    await sluice().sql(`UPDATE sluice.remote_calls SET deadline_at = now() WHERE phase = 'running'`)
    const document = await until('it is done', async () => {
      const found = await sluice().document(body.document.documentId)
      return isTerminal(found.job.state) && found
    })
    assert.equal(document.job.state, 'succeeded')
    assert.match(notesOf(document).join('\n'), /not read again at agentic: llamaparse did not finish job/)
    cloud().outage = null
    await sluice().sql('UPDATE sluice.remote_calls SET look_at = now()')
    assert.deepEqual(await paidFor(document), [['cost_effective', costEffective]])
  })
})
