import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobKey } from './move-jobs.sql.ts'
import { createStageWorker } from './run-stage.ts'
import type { StageWorkerContext } from './stage-worker-context.ts'

test('P16: when jobs cannot be claimed since the database fails, it is said, and they are woken again soon', async () => {
  const sent: { jobs: readonly JobKey[]; startAfterMs: number | undefined }[] = []
  const context = {
    database: {
      kysely: {
        getExecutor() {
          throw new Error('the connection is lost')
        },
      },
      transaction: (work: (session: object) => Promise<unknown>) => work({}),
    },
    queue: {
      async send(_: object, stage: string, jobs: readonly JobKey[], options?: { startAfterMs?: number }) {
        assert.equal(stage, 'parse')
        sent.push({ jobs, startAfterMs: options?.startAfterMs })
      },
    },
  } as unknown as StageWorkerContext
  const { take } = createStageWorker(context, { stage: 'parse', maxInFlight: 8, timeoutMs: 1_000 } as never)
  const jobs = [
    { tenantId: 'acme', jobId: 'a' },
    { tenantId: 'beta', jobId: 'b' },
  ]
  await assert.rejects(take(jobs), /the connection is lost/)
  assert.deepEqual(sent, [{ jobs, startAfterMs: 2_000 }])
})
