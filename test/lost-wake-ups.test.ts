import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'

onBothDatabases('lost wake-ups', createPlace => {
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

  test('P16: a queue that was emptied while nobody worked loses no job: the next start finds them all', async () => {
    for (let i = 0; i < 5; i++) await sluice.upload(`a${i}.md`, writeMarkdown(i, 2))
    const lost = await sluice.sql(
      "DELETE FROM sluice_queue.job WHERE name IN ('parse', 'chunk', 'embed', 'publish') RETURNING 1",
    )
    assert.equal(lost.length, 5)
    await sluice.close()
    sluice = await startSluice(place)
    const startedAt = Date.now()
    const documents = await sluice.settled()
    assert.ok(Date.now() - startedAt < 20_000, 'the sweeper found them, not the start')
    assert.deepEqual(
      documents.map(document => document.job.state),
      Array(5).fill('succeeded'),
    )
  })

  test('I9, P16: wake-ups that are lost under a running server delay jobs, and the sweeper finishes them', async () => {
    // Every wake-up that is sent from now on vanishes.
    await sluice.sql(`CREATE FUNCTION sluice.lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
    await sluice.sql(
      'CREATE TRIGGER lose BEFORE INSERT ON sluice_queue.job FOR EACH ROW EXECUTE FUNCTION sluice.lose()',
    )
    for (let i = 0; i < 10; i++) await sluice.upload(`b${i}.md`, writeMarkdown(100 + i, 2))
    const unfinished = async () =>
      await sluice.sql<{ stage: string; state: string }>(
        'SELECT stage, state FROM sluice.jobs WHERE finished_at IS NULL',
      )
    assert.deepEqual(await unfinished(), Array(10).fill({ stage: 'parse', state: 'queued' }))

    // Only what the sweeper sends arrives; the wake-ups that a finished stage sends for the next one go on being lost.
    await until('the sweeper has brought all jobs to their end', async () => {
      await sluice.sql('ALTER TABLE sluice_queue.job DISABLE TRIGGER lose')
      await makeDue(sluice)
      await sluice.sql('ALTER TABLE sluice_queue.job ENABLE TRIGGER lose')
      return (await unfinished()).length === 0
    })
    const documents = await sluice.settled()
    assert.equal(documents.length, 15)
    assert.deepEqual(
      documents.filter(document => document.job.state !== 'succeeded'),
      [],
    )
  })
})
