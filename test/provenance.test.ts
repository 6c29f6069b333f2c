import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'

const encrypted = readFileSync(new URL('../src/providers/local/__fixtures__/encrypted.pdf', import.meta.url))

onBothDatabases('provenance', createPlace => {
  const sluice = useSluice(createPlace)

  test('I1: a document, its hits and its costs say what made them, and that the vectors are simulated', async () => {
    const document = await sluice().ingest(
      'pumps.md',
      '# Pumps\n\nThe centrifugal pump lifts water to the reservoir.\n',
    )
    assert.equal(document.job.state, 'succeeded')
    const { parse, embed } = document.live?.provenance ?? assert.fail('nothing is live')
    assert.equal(parse.provider, 'local')
    assert.equal(parse.simulated, false, 'the local parser is itself')
    assert.ok(parse.reasons.length > 0, 'the route explains itself')
    assert.equal(embed.provider, 'openai')
    assert.equal(embed.simulated, true)

    const { hits, space } = await sluice().search('centrifugal pump')
    assert.deepEqual(hits[0]?.provenance, { parse, embed })
    assert.deepEqual(space, embed)

    const lines = new Map(document.costs.map(line => [line.service, line]))
    assert.equal(lines.get('parse')?.provider, 'local')
    assert.equal(lines.get('parse')?.simulated, false)
    assert.equal(lines.get('embed')?.simulated, true)
    assert.equal(lines.get('embed')?.costNanoUsd, '0', 'a simulated call costs nothing')
    assert.ok(BigInt(lines.get('embed')?.shadowNanoUsd ?? 0) > 0n, 'and shows what the real one would have cost')
    assert.doesNotMatch(JSON.stringify([document, hits]), /llama/i, 'a local parse is not called LlamaParse')
  })

  test('I1: what could not be parsed has no content: nothing stands in for it', async () => {
    const document = await sluice().ingest('secret.pdf', encrypted)
    assert.equal(document.job.state, 'failed')
    assert.equal(document.live, null)
    const page = await sluice().request('GET', `/v1/documents/${document.documentId}/pages/1`)
    assert.equal(page.status, 404)
    const { hits } = await sluice().search('document', { filters: { documentIds: [document.documentId] } })
    assert.deepEqual(hits, [])
    const stored = await sluice().sql('SELECT 1 FROM sluice.parses WHERE document_id = $1', [document.documentId])
    assert.deepEqual(stored, [])
  })

  test('I1: a provider that is down delays the job; it is not replaced by anything', async () => {
    const down = { kind: 'rate_limited', retryAfterMs: 600_000 } as const
    sluice().simulator.inject(down)
    const { body } = await sluice().upload('valves.md', '# Valves\n\nA butterfly valve closes the main.\n')
    const { jobId } = body.document.job
    for (;;) {
      const job = await sluice().job(jobId)
      assert.notEqual(job.state, 'succeeded')
      if (job.state !== 'retrying') continue
      assert.equal(job.error?.code, 'provider_rate_limited')
      break
    }
    assert.equal((await sluice().document(body.document.documentId)).live, null)
  })
})
