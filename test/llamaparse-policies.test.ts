import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEitherDatabase } from './harness/databases.ts'
import type { SluiceUnderTest } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

/** Uploads a document whose job at LlamaParse never ends, and lets its deadline pass. */
async function uploadStuck(sluice: SluiceUnderTest, name: string) {
  const { body } = await sluice.upload(`${name}.md`, `# ${name}\n\nIts job never ends.`)
  const { jobId } = body.document.job
  await until('it waits', async () => (await sluice.job(jobId)).state === 'waiting')
  await sluice.sql(`UPDATE sluice.remote_calls SET deadline_at = now() WHERE phase = 'running'`)
  return { jobId, documentId: body.document.documentId }
}

onEitherDatabase('P14: a stuck job, with the parser of this machine behind it', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    impatient: true,
    environment: { SLUICE_LLAMAPARSE_WHEN_STUCK: 'fallback' },
  })

  test('the document is parsed here and says so; LlamaParse reads it later by itself', async () => {
    cloud().simulator.inject({ kind: 'job_hangs' })
    const { jobId, documentId } = await uploadStuck(sluice(), 'fallback')
    await until('it succeeded', async () => (await sluice().job(jobId)).state === 'succeeded')
    const { live, costs } = await sluice().document(documentId)
    const { parse } = live?.provenance ?? assert.fail('not live')
    assert.deepEqual([parse.provider, parse.simulated], ['local', false])
    assert.ok(parse.reasons.includes('llamaparse did not finish in time'), parse.reasons.join('; '))
    assert.equal(costs.find(line => line.provider === 'local')?.costNanoUsd, '0')
    await until('the job there is cancelled', async () => cloud().simulator.counters().cancelled === 1)

    assert.equal(parse.provisional, true)
    await until('LlamaParse has read it after all, by itself', async () => {
      const { live } = await sluice().document(documentId)
      return live?.provenance.parse.provider === 'llamaparse' && live.provenance.parse.provisional === undefined
    })
  })
})

onEitherDatabase('P14: a stuck job, which is to fail', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    impatient: true,
    environment: { SLUICE_LLAMAPARSE_WHEN_STUCK: 'fail' },
  })

  test('the document fails at once, with what to do; its money is free again', async () => {
    cloud().simulator.inject({ kind: 'job_hangs' })
    const { jobId } = await uploadStuck(sluice(), 'fails')
    const failed = await until('it failed', async () => {
      const job = await sluice().job(jobId)
      return job.state === 'failed' && job
    })
    assert.deepEqual([failed.error?.code, failed.failures], ['remote_job_abandoned', 1])
    await until('nothing is held', async () => {
      const [row] = await sluice().sql<{ held: bigint }>(
        'SELECT sum(held_nano_usd)::bigint AS held FROM sluice.ledger_entries',
      )
      return row?.held === 0n
    })
    assert.equal(cloud().simulator.counters().requests.upload, 1)
  })
})
