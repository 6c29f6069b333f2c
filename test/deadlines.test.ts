import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { claimJobs, type JobKey } from '../src/jobs/move-jobs.sql.ts'
import { sweep } from '../src/jobs/run-jobs.ts'
import { beat } from '../src/jobs/sweep.sql.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

onBothDatabases('deadlines', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place, { SLUICE_WORKERS: 'off' })
  })
  after(async () => {
    await sluice.close()
    await place.remove()
  })

  const newJob = async (name: string): Promise<JobKey> => {
    const { body } = await sluice.upload(`${name}.txt`, `words of ${name}`)
    await sluice.sql('DELETE FROM sluice_queue.job')
    return { tenantId: 'default', jobId: body.document.job.jobId }
  }
  /** Puts the job into a state, as if its deadline had passed a minute ago. */
  const overdue = async ({ jobId }: JobKey, state: string, more = '') => {
    await sluice.sql(
      `UPDATE sluice.jobs SET state = $2, deadline_at = now() - interval '1 minute' ${more} WHERE job_id = $1`,
      [jobId, state],
    )
  }
  const sweepNow = async () => await sweep(sluice.database, sluice.server.sluice.api.queue)
  const look = async ({ jobId }: JobKey) => {
    const { state, deadlineAt, events, error, failures } = await sluice.job(jobId)
    const wakeUps = await sluice.sql(`SELECT 1 FROM sluice_queue.job WHERE data->>'jobId' = $1`, [jobId])
    const inTime = deadlineAt !== null && Date.parse(deadlineAt) > Date.now()
    return { state, inTime, woken: wakeUps.length, reason: events.at(-1)?.reason, error, failures }
  }
  const parkedStates = [
    ['queued', '', 'queued', 'created'],
    ['retrying', `, error_code = 'provider_unavailable', wake_at = now()`, 'retrying', 'created'],
    ['waiting', `, awaited_call_id = gen_random_uuid(), awaited_message = 'at work'`, 'queued', 'woken'],
    [
      'deferred',
      `, wake_at = now() + interval '1 day', deferral_reason = 'in_doubt', deferral_message = 'waits'`,
      'queued',
      'woken',
    ],
  ] as const

  for (const [state, more, next, reason] of parkedStates) {
    test(`I10: the sweeper wakes a job that is ${state} past its deadline, and gives it a new one`, async () => {
      const key = await newJob(state)
      await overdue(key, state, more)
      await sweepNow()
      const { error: _, failures, ...seen } = await look(key)
      assert.deepEqual(seen, { state: next, inTime: true, woken: 1, reason })
      assert.equal(failures, 0, 'waiting burns no attempt')
      await sweepNow()
      assert.equal((await look(key)).woken, 1, 'a job that is in time is left alone')
    })
  }

  test('I10: a running job whose worker lives but hangs is taken away from it and retried', async () => {
    const key = await newJob('hanging')
    const workerId = randomUUID()
    await sluice.database.transaction(session => beat(session, { workerId, host: 'here', pid: 1 }))
    assert.equal((await claimJobs(sluice.database, 'parse', [key], workerId, 60_000)).claims.length, 1)
    await sweepNow()
    assert.equal((await look(key)).state, 'running', 'before its deadline it is left alone')
    await overdue(key, 'running')
    await sweepNow()
    const { error, ...seen } = await look(key)
    assert.deepEqual(seen, { state: 'retrying', inTime: true, woken: 1, reason: 'will_retry', failures: 1 })
    assert.equal(error?.code, 'job_timed_out')
  })

  test('I10: a running job whose worker died goes back to the queue at once, whatever its deadline', async () => {
    const key = await newJob('orphaned')
    assert.equal((await claimJobs(sluice.database, 'parse', [key], randomUUID(), 3_600_000)).claims.length, 1)
    await sweepNow()
    const { error, ...seen } = await look(key)
    assert.deepEqual(seen, { state: 'queued', inTime: true, woken: 1, reason: 'interrupted', failures: 0 })
    assert.equal(error, null)
  })

  test('I10: a job that ends its worker again and again fails, and says so', async () => {
    const key = await newJob('killer')
    await sluice.sql('UPDATE sluice.jobs SET interruptions = 100 WHERE job_id = $1', [key.jobId])
    await claimJobs(sluice.database, 'parse', [key], randomUUID(), 3_600_000)
    await sweepNow()
    const { state, error, woken } = await look(key)
    assert.equal(state, 'failed')
    assert.equal(error?.code, 'job_interrupted')
    assert.equal(woken, 0)
    await sluice.request('POST', `/v1/jobs/${key.jobId}/retry`)
  })

  test('I10: the database refuses an unfinished job without a deadline, and a finished one with one', async () => {
    const key = await newJob('constrained')
    const set = async (assignments: string) =>
      await sluice.sql(`UPDATE sluice.jobs SET ${assignments} WHERE job_id = $1`, [key.jobId])
    const late = { message: /unfinished_has_deadline/ }
    for (const state of ['queued', 'waiting'])
      await assert.rejects(set(`state = '${state}', deadline_at = NULL`), late, state)
    const reason = `deferral_reason = 'in_doubt', deferral_message = 'waits'`
    await assert.rejects(set(`state = 'deferred', ${reason}, deadline_at = NULL`), late)
    await assert.rejects(set(`state = 'deferred'`), { message: /deferred_has_reason/ })
    await assert.rejects(set(`state = 'retrying', error_code = 'x', deadline_at = NULL`), late)
    await assert.rejects(set(`state = 'running', owner = '${randomUUID()}', deadline_at = NULL`), late)
    await assert.rejects(set(`state = 'succeeded', finished_at = now()`), late)
  })

  test('I10: all of them come to their end once a worker runs', async () => {
    await sluice.close()
    sluice = await startSluice(place)
    await makeDue(sluice)
    const documents = await sluice.settled()
    assert.equal(documents.length, 8)
    assert.deepEqual(
      documents.filter(({ job }) => job.state !== 'succeeded'),
      [],
    )
  })
})
