import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { cancelJob } from '../src/jobs/change-job.sql.ts'
import { advanceJobs, type Claim, claimJobs, type JobKey, setBackJobs } from '../src/jobs/move-jobs.sql.ts'
import { releaseOrphans } from '../src/jobs/sweep.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('fencing', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WORKERS: 'off' })

  const newJob = async (): Promise<JobKey> => {
    const { body } = await sluice().upload('note.txt', `a note ${randomUUID()}`)
    return { tenantId: 'default', jobId: body.document.job.jobId }
  }
  const claim = async (keys: readonly JobKey[]) =>
    (await claimJobs(sluice().database, 'parse', keys, randomUUID(), 60_000)).claims
  const claimOne = async (key: JobKey): Promise<Claim> => (await claim([key]))[0] ?? assert.fail('not claimed')
  const advance = async (attempt: Claim) =>
    await sluice().database.transaction(session => advanceJobs(session, [attempt], 'chunk'))
  const setBack = async ({ tenantId, jobId, token }: Claim) =>
    await sluice().database.transaction(session =>
      setBackJobs(session, [
        {
          tenantId,
          jobId,
          token,
          failures: 1,
          retryInMs: 1_000,
          code: 'provider_unavailable',
          message: 'late',
          cause: null,
        },
      ]),
    )
  const interrupt = async () => await sluice().database.transaction(session => releaseOrphans(session, 100))
  /** All that an attempt may change. */
  const rowOf = async ({ jobId }: JobKey) => await sluice().sql('SELECT * FROM sluice.jobs WHERE job_id = $1', [jobId])

  test('I28: a job that is claimed already is not given to a second worker', async () => {
    const key = await newJob()
    assert.equal((await claim([key])).length, 1)
    assert.deepEqual(await claim([key]), [])
  })

  test('I28: a job that has been woken twice is claimed once, also when both wake-ups come together', async () => {
    const key = await newJob()
    assert.equal((await claim([key, key])).length, 1)
  })

  test('I28: two workers that claim the same jobs at once never both get one, and together they get all', async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, newJob))
    const shares = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(i % 2 ? keys : keys.toReversed())))
    const given = shares.flat().map(one => one.jobId)
    assert.equal(new Set(given).size, given.length, 'a job was given twice')
    // What both reached for at the same moment may be left to the next claim, but never lost.
    given.push(...(await claim(keys)).map(one => one.jobId))
    assert.deepEqual(given.toSorted(), keys.map(key => key.jobId).toSorted())
  })

  test('I28: a stale worker, whose job another one has now, can neither finish it nor set it back', async () => {
    const key = await newJob()
    const stale = await claimOne(key)
    await interrupt()
    const current = await claimOne(key)
    assert.ok(current.token > stale.token)
    const row = await rowOf(key)
    assert.deepEqual(await advance(stale), [])
    assert.deepEqual(await setBack(stale), [])
    assert.deepEqual(await rowOf(key), row)
    assert.deepEqual(await advance(current), [key])
  })

  test('I27: an event that comes late does not move a job back', async () => {
    const key = await newJob()
    const attempt = await claimOne(key)
    assert.deepEqual(await advance(attempt), [key])
    const row = await rowOf(key)
    assert.deepEqual(await setBack(attempt), [], 'the failure of an attempt that has been finished')
    assert.deepEqual(await advance(attempt), [], 'its end a second time')
    assert.deepEqual(await claim([key]), [], 'a wake-up of the stage before')
    assert.deepEqual(await rowOf(key), row)
  })

  test('I28: the running attempt of a cancelled job cannot write', async () => {
    const key = await newJob()
    const attempt = await claimOne(key)
    await sluice().database.transaction(session => cancelJob(session, key))
    assert.deepEqual(await advance(attempt), [])
    assert.deepEqual(await setBack(attempt), [])
    assert.equal((await sluice().job(key.jobId)).state, 'cancelled')
  })

  test('I27: a finish and a cancel at the same time leave a job that was either cancelled before or after its stage ended', async () => {
    for (let round = 0; round < 10; round++) {
      const key = await newJob()
      const attempt = await claimOne(key)
      const [moved, cancelled] = await Promise.all([
        advance(attempt),
        sluice().database.transaction(session => cancelJob(session, key)),
      ])
      const { state, stage, events } = await sluice().job(key.jobId)
      // The cancel may also come after the finish, and then ends the job at its next stage.
      assert.ok(cancelled)
      assert.equal(state, 'cancelled')
      assert.equal(stage, moved.length === 1 ? 'chunk' : 'parse')
      assert.equal(events.filter(event => event.reason === 'stage_done').length, moved.length)
    }
  })
})
