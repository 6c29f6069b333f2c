import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobView } from '../../contract/job-view.ts'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { deferredJob, documentDetail, jobView } from '../__fixtures__/views.ts'
import { createClient } from '../server/sluice-client.http.ts'
import { followJobs } from './follow-jobs.ts'
import { type IngestRow, rowOfJob } from './ingest-row.ts'

const { io } = testIo()
const { signal } = new AbortController()

/** Jobs by number, newest last; each look at a job or list shows what `viewOf` says. */
function jobRoutes(count: number, viewOf: (n: number) => JobView): FakeRoutes {
  const numberOf = (path: string) => Number(path.slice(-12))
  return {
    'GET /v1/jobs': ({ query }) => {
      const start = Number(query.get('cursor') ?? 0)
      const end = Math.min(count, start + Number(query.get('limit')))
      const items = Array.from({ length: end - start }, (_, i) => viewOf(count - 1 - start - i))
      return { body: { items, nextCursor: end < count ? String(end) : null } }
    },
    'GET /v1/jobs/*': ({ path }) => ({ body: { ...viewOf(numberOf(path)), events: [] } }),
    'GET /v1/documents/*': ({ path }) => ({ body: documentDetail(numberOf(path), { job: viewOf(numberOf(path)) }) }),
  }
}

function follow(server: { url: string; apiKey: string }, rows: IngestRow[], patient = false) {
  const client = createClient(server, io.newId, signal)
  const options = { moreToCome: () => false, patient, changed: () => {}, tick: () => {} }
  return followJobs(io, client, rows, options, signal)
}

test('many documents are followed with few requests', async () => {
  let looks = 0
  const routes = jobRoutes(300, n =>
    jobView(n, looks > 6 ? { state: 'succeeded', stage: 'publish' } : { state: 'running' }),
  )
  const list = routes['GET /v1/jobs']
  await using server = await openFakeServer({
    ...routes,
    'GET /v1/jobs': request => {
      looks += 1
      return list?.(request) ?? {}
    },
  })
  const rows = Array.from({ length: 300 }, (_, n) => rowOfJob(jobView(n)))
  await follow(server, rows)
  assert.ok(rows.every(row => row.step === 'finished' && row.document?.live?.chunkCount === 7))
  assert.ok(looks <= 8, `${looks} lists`)
  assert.equal(server.calls.filter(call => call.startsWith('GET /v1/jobs/')).length, 0)
  assert.equal(server.calls.filter(call => call.startsWith('GET /v1/documents/')).length, 300)
})

test('old jobs deep in a long list are found too', async () => {
  await using server = await openFakeServer(jobRoutes(5_000, n => jobView(n, { state: 'succeeded' })))
  const rows = Array.from({ length: 30 }, (_, n) => rowOfJob(jobView(n)))
  await follow(server, rows)
  assert.ok(rows.every(row => row.step === 'finished'))
})

test('I22: a failed job keeps its code, message, action and correlation id', async () => {
  const error = {
    code: 'document_encrypted',
    message: 'file-0.md is encrypted',
    action: 'Remove the password.',
    cause: null,
  }
  await using server = await openFakeServer(jobRoutes(1, n => jobView(n, { state: 'failed', error })))
  const rows = [rowOfJob(jobView(0))]
  await follow(server, rows)
  assert.deepEqual(rows[0]?.failure, { ...error, correlationId: 'correlation-0' })
})

test('a document that is deleted meanwhile ends its row', async () => {
  await using server = await openFakeServer({ 'GET /v1/jobs/*': () => problem(404, 'job_not_found', 'gone') })
  const rows = [rowOfJob(jobView(0))]
  await follow(server, rows)
  assert.deepEqual([rows[0]?.step, rows[0]?.failure?.code], ['rejected', 'document_not_found'])
})

test('a server that is away for a moment is awaited, one that stays away is not', async () => {
  let down = 3
  await using server = await openFakeServer({
    ...jobRoutes(1, n => jobView(n, { state: 'succeeded' })),
    'GET /v1/jobs/*': () => {
      down -= 1
      return down < 0
        ? { body: { ...jobView(0, { state: 'succeeded' }), events: [] } }
        : problem(503, 'shutting_down', 'The server stops.')
    },
  })
  const rows = [rowOfJob(jobView(0))]
  await follow(server, rows)
  assert.equal(rows[0]?.step, 'finished')
  down = Number.POSITIVE_INFINITY
  await assert.rejects(follow(server, [rowOfJob(jobView(0))]), { code: 'shutting_down' })
})

test('jobs that wait for money or a doubt do not keep the command waiting', async () => {
  const parked = [deferredJob(0), deferredJob(1, { reason: 'in_doubt', budget: null, resumesAt: null })]
  await using server = await openFakeServer(jobRoutes(2, n => parked[n] ?? jobView(n)))
  const rows = parked.map(rowOfJob)
  await follow(server, rows)
  assert.deepEqual(
    rows.map(row => row.step),
    ['parked', 'parked'],
  )
})

test('while one job is at work the parked ones are watched, and three seconds more: its money may come free', async () => {
  let looks = 0
  await using server = await openFakeServer(
    jobRoutes(2, n => {
      if (n === 0) looks += 1
      if (n === 1) return jobView(1, { state: looks > 12 ? 'succeeded' : 'running' })
      return looks > 14 ? jobView(0, { state: 'succeeded' }) : deferredJob(0)
    }),
  )
  const rows = [rowOfJob(deferredJob(0)), rowOfJob(jobView(1))]
  await follow(server, rows)
  assert.deepEqual(
    rows.map(row => row.step),
    ['finished', 'finished'],
  )
})

test('who waits for a call of somebody else is followed to the end, and with patience who waits for money, too', async () => {
  for (const reason of ['in_progress', 'budget'] as const) {
    let looks = 0
    await using server = await openFakeServer(
      jobRoutes(1, () => {
        looks += 1
        return looks > 20 ? jobView(0, { state: 'succeeded' }) : deferredJob(0, { reason })
      }),
    )
    const rows = [rowOfJob(jobView(0))]
    await follow(server, rows, reason === 'budget')
    assert.equal(rows[0]?.step, 'finished', reason)
  }
})
