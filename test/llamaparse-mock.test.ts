import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { onEitherDatabase } from './harness/databases.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const sample = (name: string) => readFile(new URL(`../samples/${name}`, import.meta.url))

onEitherDatabase('LlamaParse, rehearsed without a key', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_PARSE_MODE: 'mock' })

  test('I1: files are really parsed, by the client of LlamaParse, and what comes of it is marked as simulated', async () => {
    const document = await sluice().ingest('annual-report.pdf', await sample('annual-report.pdf'))
    const { parse } = document.live?.provenance ?? assert.fail(String(document.job.error?.message))
    assert.deepEqual([parse.provider, parse.simulated, document.live?.pageCount], ['llamaparse', true, 7])
    const cost = document.costs.find(line => line.service === 'parse')
    assert.deepEqual([cost?.costNanoUsd, cost?.shadowNanoUsd], ['0', String(7 * 3 * 1_250_000)])
    const { hits } = await sluice().search('Why did the water taste of earth in August?')
    assert.equal(hits[0]?.documentId, document.documentId)
  })

  test('only the pages that are asked for are parsed, and quoted', async () => {
    const { documentId } = (await sluice().request<{ items: { documentId: string }[] }>('GET', '/v1/documents')).body
      .items[0] ?? { documentId: '' }
    const parsing = { pages: '2-3' }
    const { body } = await sluice().request<{ job: { jobId: string } }>(
      'POST',
      `/v1/documents/${documentId}/versions`,
      { parsing },
    )
    await until('it succeeded', async () => (await sluice().job(body.job.jobId)).state === 'succeeded')
    assert.equal((await sluice().document(documentId)).live?.pageCount, 2)
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(await sample('radio-meters.pptx'))]), 'radio-meters.pptx')
    form.append('parsing', JSON.stringify({ pages: '1-3', tier: 'agentic' }))
    const quote = await sluice().request<{ parse: { shadow: { worst: string }; units: { worst: number } } }>(
      'POST',
      '/v1/quotes',
      form,
    )
    assert.deepEqual([quote.body.parse.units.worst, quote.body.parse.shadow.worst], [3, String(3 * 10 * 1_250_000)])
  })

  test('a broken file fails before anything is sent', async () => {
    const pdf = await sample('annual-report.pdf')
    const uploads = () => sluice().server.sluice.services.simulatedCloud?.counters().requests.upload
    const before = uploads()
    const { job } = await sluice().ingest('broken.pdf', pdf.subarray(0, pdf.length / 2))
    assert.deepEqual([job.state, job.error?.code], ['failed', 'document_corrupt'])
    assert.equal(uploads(), before)
  })

  test('a simulator that has forgotten its jobs, as after a restart, is given the work again', async () => {
    const cloud = sluice().server.sluice.services.simulatedCloud ?? assert.fail('nothing is simulated')
    cloud.inject({ kind: 'job_hangs' })
    const { body } = await sluice().upload('forgotten.md', '# Forgotten\n\nIts job is gone.')
    const { jobId } = body.document.job
    await until('it waits', async () => (await sluice().job(jobId)).state === 'waiting')
    await sluice().sql(
      `UPDATE sluice.remote_calls SET remote_id = 'pjb-of-another-process', look_at = now() WHERE phase = 'running'`,
    )
    await until('it succeeded', async () => (await sluice().job(jobId)).state === 'succeeded')
  })
})
