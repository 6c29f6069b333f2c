import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { isTerminal, type JobState, jobStates } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import { type Database, openDatabase, type Session } from '../platform/database.ts'
import { migrate, readMigrations } from '../platform/migrate.sql.ts'
import { awaitCalls } from './await-calls.sql.ts'
import { cancelJob, insertJob, retryJob } from './change-job.sql.ts'
import { deferJobs, wakeParked } from './defer-jobs.sql.ts'
import { advanceJobs, claimJobs, setBackJobs } from './move-jobs.sql.ts'
import { releaseOrphans, takeOverdueWaiting } from './sweep.sql.ts'
import { type TransitionReason, transitions } from './transitions.ts'

const id = '00000000-0000-7000-8000-000000000001'
const key = { tenantId: 'default', jobId: id }
const attempt = { ...key, token: 3 }
const setBack = { ...attempt, failures: 1, code: 'internal_error', message: 'on purpose', cause: null }

/** The statements that move a job, by the reason that they log. */
const statements: { reason: TransitionReason; name: string; run(session: Session<Tables>): Promise<unknown> }[] = [
  { reason: 'claimed', name: 'claimJobs', run: session => claimJobs(session, 'embed', [key], id, 60_000) },
  { reason: 'stage_done', name: 'advanceJobs', run: session => advanceJobs(session, [attempt], 'publish') },
  { reason: 'all_done', name: 'advanceJobs at the end', run: session => advanceJobs(session, [attempt], null) },
  { reason: 'will_retry', name: 'setBackJobs', run: session => setBackJobs(session, [{ ...setBack, retryInMs: 5 }]) },
  {
    reason: 'gave_up',
    name: 'setBackJobs for good',
    run: session => setBackJobs(session, [{ ...setBack, retryInMs: null }]),
  },
  { reason: 'interrupted', name: 'releaseOrphans', run: session => releaseOrphans(session, 100) },
  { reason: 'gave_up', name: 'releaseOrphans too often', run: session => releaseOrphans(session, 0) },
  {
    reason: 'deferred',
    name: 'deferJobs',
    run: session =>
      deferJobs(session, [
        { ...attempt, deferral: { reason: 'in_doubt', message: 'wait', resumesAt: null, budget: null } },
      ]),
  },
  {
    reason: 'handed_over',
    name: 'awaitCalls',
    run: session =>
      awaitCalls(session, [{ ...attempt, awaited: { callId: id, message: 'at work', deadlineAt: new Date() } }]),
  },
  { reason: 'woken', name: 'wakeParked', run: session => wakeParked(session, [key]) },
  { reason: 'woken', name: 'takeOverdueWaiting', run: session => takeOverdueWaiting(session) },
  { reason: 'cancelled', name: 'cancelJob', run: session => cancelJob(session, key) },
  { reason: 'retried_by_user', name: 'retryJob', run: session => retryJob(session, key) },
]

let dataDir = ''
let database: Database<Tables>
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-transitions-'))
  database = await openDatabase<Tables>({ kind: 'embedded', dataDir })
  await migrate(database, 'sluice', readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url))))
  await database.session(({ client }) =>
    client.query(`
      INSERT INTO sluice.tenants (tenant_id) VALUES ('default');
      INSERT INTO sluice.vector_spaces VALUES ('default', 'space', 'p', 'm', 3, '1', true);
      INSERT INTO sluice.documents (tenant_id, document_id, sha256, byte_count, file_name, file_type)
        VALUES ('default', '${id}', decode(repeat('00', 32), 'hex'), 1, 'a.txt', 'text');
      INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, space_id)
        VALUES ('default', '${id}', '${id}', '{}', 'space')`),
  )
})
after(async () => {
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** The one job, in the given state, overdue wherever a state can be, with no event. */
async function reset(state: JobState): Promise<void> {
  const [owner, ended] = [state === 'running' ? id : null, isTerminal(state)]
  await sql`DELETE FROM sluice.jobs`.execute(database.kysely)
  await sql`
    INSERT INTO sluice.jobs (tenant_id, job_id, document_id, version_id, stage, state, token, owner, wake_at, deadline_at,
      finished_at, error_code, deferral_reason, deferral_message, awaited_call_id, awaited_message, correlation_id)
    VALUES ('default', ${id}, ${id}, ${id}, 'embed', ${state}, 3, ${owner}, now() - interval '1 hour',
      ${ended ? null : '2020-01-01'}, ${ended ? '2020-01-01' : null}, 'internal_error',
      'in_doubt', 'waits', ${id}, 'at work', 'test')`.execute(database.kysely)
}

async function look(): Promise<{ state: string; events: { reason: string; state: string }[] }> {
  const jobs = await sql<{ state: string }>`SELECT state FROM sluice.jobs`.execute(database.kysely)
  const events = await sql<{ reason: string; state: string }>`SELECT reason, state FROM sluice.job_events`.execute(
    database.kysely,
  )
  return { state: jobs.rows[0]?.state ?? 'none', events: events.rows }
}

for (const { reason, name, run } of statements) {
  const { from, to } = transitions[reason]
  test(`I15: ${name} (${reason}) leads from ${from.join(', ')} to ${to} and leaves every other state alone`, async () => {
    for (const state of jobStates) {
      await reset(state)
      await database.transaction(run)
      const moved = { state: to, events: [{ reason, state: to }] }
      assert.deepEqual(await look(), from.includes(state) ? moved : { state, events: [] }, `from ${state}`)
    }
  })
}

test('I15: insertJob (created) starts in queued', async () => {
  await sql`DELETE FROM sluice.jobs`.execute(database.kysely)
  const job = {
    ...key,
    documentId: id,
    versionId: id,
    fileName: 'a.md',
    correlationId: 'test',
    traceparent: null,
    priority: 0,
    apiKeyId: null,
    tags: [],
    dueAt: null,
    quoteId: null,
    stage: 'parse',
  } as const
  await database.transaction(session => insertJob(session, job))
  assert.deepEqual(await look(), { state: 'queued', events: [{ reason: 'created', state: 'queued' }] })
  assert.deepEqual(transitions.created, { from: [], to: 'queued' })
})

test('every reason has a statement', () => {
  const tested = new Set(['created', ...statements.map(s => s.reason)])
  assert.deepEqual([...tested].sort(), Object.keys(transitions).sort())
})
