import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobState } from '../src/contract/job.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { jobInState } from './harness/job-in-state.ts'
import { makeDue } from './harness/make-due.ts'
import { startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const spent = [
  'insufficient_quota',
  'credit_balance_exhausted',
  'project_spend_limit_exceeded',
  'invalid_api_key',
] as const

onEitherDatabase('a provider that takes nothing from us any more', createPlace => {
  const sluice = useSluice(createPlace)
  const inState = (jobId: string, state: JobState) => jobInState(sluice(), jobId, state)
  const upload = async (name: string) =>
    (await sluice().upload(`${name}.md`, `# ${name}\n\nThe text of ${name}.`)).body.document.job.jobId

  for (const code of spent)
    test(`I6: after ${code} nobody asks for a while, and the work goes on by itself`, async () => {
      await sluice().ingest(`before-${code}.md`, `# Before ${code}\n\nAn otter was seen.`)
      sluice().simulator.inject({ kind: 'quota_spent', code })
      const first = await upload(`first-${code}`)
      const waiting = await inState(first, 'deferred')
      assert.deepEqual([waiting.deferral?.reason, waiting.failures], ['provider_stopped', 0])
      assert.match(waiting.deferral?.message ?? '', /Nothing is sent to openai until 20/)

      const { requests } = sluice().simulator.counters()
      const second = await upload(`second-${code}`)
      await inState(second, 'deferred')
      const { degraded, hits } = await sluice().search('otter seen')
      assert.match(degraded ?? '', /only words were compared/)
      assert.ok(hits.length > 0)
      assert.equal(sluice().simulator.counters().requests, requests, 'it was not even asked')
      const { body } = await sluice().request<{ alerts: { kind: string; details: { code?: string } }[] }>(
        'GET',
        '/v1/alerts',
      )
      assert.ok(body.alerts.some(alert => alert.kind === 'provider_stopped'))

      await sluice().sql('UPDATE sluice.provider_stops SET stopped_until = now()')
      await makeDue(sluice())
      await inState(first, 'succeeded')
      await inState(second, 'succeeded')
    })

  test('a restart tries at once: the key may be another one', async () => {
    const place = await createPlace()
    const before = await startSluice(place)
    before.simulator.inject({ kind: 'quota_spent', code: 'invalid_api_key' })
    const { body } = await before.upload('stopped.md', '# Stopped\n\nIt waits for another key.')
    const { jobId } = body.document.job
    await until('it waits', async () => (await before.job(jobId)).state === 'deferred')
    await before.close()
    const after = await startSluice(place)
    await makeDue(after)
    await until('it succeeded', async () => (await after.job(jobId)).state === 'succeeded')
    await after.close()
    await place.remove()
  })
})
