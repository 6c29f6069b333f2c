import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createEmbeddedPlace } from './harness/databases.ts'
import { startOpenAiServer } from './harness/open-ai-server.ts'
import { cloudKey, startPaidCloud } from './harness/paid-cloud.ts'
import { apiKey, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const contract = '# Contract\n\nThe well is deep.\f# Annex\n\nThe pump is loud.'

test('what real providers answered is recorded without keys, and replayed without a network; unknown calls fail', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cassettes-'))
  const cassettes = (mode: string) => ({ SLUICE_CASSETTES: mode, SLUICE_CASSETTE_DIR: folder })
  const [cloud, openAi] = [await startPaidCloud(), await startOpenAiServer()]
  const settings = { ...cloud.environment, ...openAi.environment }
  const recorded = await withSluice({ ...settings, ...cassettes('record') }, async sluice => {
    const { live, documentId } = await sluice.ingest('contract.txt', contract)
    assert.deepEqual([live?.provenance.parse.provider, live?.provenance.parse.simulated], ['llamaparse', false])
    return await pagesOf(sluice, documentId)
  })
  const uploads = cloud.simulator.counters().requests.upload
  const tokens = openAi.simulator.counters().chargedNanoUsd
  await cloud.close()
  await openAi.close()

  const texts = await Promise.all((await readdir(folder)).map(name => readFile(join(folder, name), 'utf8')))
  assert.ok(texts.length >= 3)
  for (const text of texts) for (const secret of [cloudKey, 'sk-test', apiKey]) assert.ok(!text.includes(secret))
  const vectors = texts.filter(text => text.includes('"embedding"'))
  assert.ok(vectors.length >= 2 && vectors.every(text => !text.includes('pump')))

  const replay = { SLUICE_PARSE_MODE: 'mock', SLUICE_EMBED_MODE: 'mock', ...cassettes('replay') }
  await withSluice(replay, async sluice => {
    const { live, documentId, costs } = await sluice.ingest('same-bytes.txt', contract)
    const { parse, embed } = live?.provenance ?? assert.fail('it is not live')
    assert.deepEqual([parse.provider, parse.simulated], ['llamaparse-replayed', true])
    assert.deepEqual([embed.provider, embed.simulated], ['openai-replayed', true])
    assert.deepEqual(await pagesOf(sluice, documentId), recorded)
    assert.ok(costs.every(line => line.costNanoUsd === '0' && BigInt(line.shadowNanoUsd) > 0n))

    const unknown = await sluice.ingest('other.txt', 'Nobody has recorded this.')
    assert.deepEqual([unknown.job.state, unknown.job.error?.code], ['failed', 'cassette_missing'])
    assert.match(unknown.job.error?.message ?? '', /No cassette was recorded for the upload of a file to LlamaParse/)
    assert.match((await sluice.search('a question that nobody asked')).degraded ?? '', /cassette_missing/)
  })
  assert.deepEqual(
    [cloud.simulator.counters().requests.upload, openAi.simulator.counters().chargedNanoUsd],
    [uploads, tokens],
  )

  const [first = ''] = (await readdir(folder)).filter(name => name.startsWith('parse-'))
  await writeFile(join(folder, first), '{"kind":')
  await withSluice(replay, async sluice => {
    const { body } = await sluice.upload('damaged.txt', contract)
    const { error } = await until('it failed', async () => {
      const job = await sluice.job(body.document.job.jobId)
      return job.state === 'failed' && job
    })
    assert.match(error?.message ?? '', new RegExp(`cassette .*${first}`))
  })
  await rm(folder, { recursive: true })
})

test('without a folder nothing starts', async () => {
  const place = await createEmbeddedPlace()
  await assert.rejects(startSluice(place, { SLUICE_CASSETTES: 'replay' }), { code: 'configuration_invalid' })
  await place.remove()
})

async function withSluice<T>(
  environment: Record<string, string>,
  act: (sluice: SluiceUnderTest) => Promise<T>,
): Promise<T> {
  const place = await createEmbeddedPlace()
  const sluice = await startSluice(place, environment)
  try {
    return await act(sluice)
  } finally {
    await sluice.close()
    await place.remove()
  }
}

async function pagesOf(sluice: SluiceUnderTest, documentId: string): Promise<string[]> {
  const rows = await sluice.sql<{ markdown: string }>(
    `SELECT g.markdown FROM sluice.pages g JOIN sluice.parses p USING (tenant_id, parse_id)
     WHERE p.document_id = $1 ORDER BY g.page_number`,
    [documentId],
  )
  assert.equal(rows.length, 2)
  return rows.map(row => row.markdown)
}
