import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentDetail } from '../../contract/document-view.ts'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { documentDetail, testId } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

const documentId = testId('a', 1)

function document(live: number, count = 3): DocumentDetail {
  const versions = Array.from({ length: count }, (_, i) => ({
    versionId: testId('b', count - i),
    live: count - i === live,
    rolledBackAt: null,
    chunkSettings: { maxTokens: 512, overlapTokens: 0 },
    pageCount: 1,
    chunkCount: 4,
    createdAt: '2026-11-23T10:00:00.000Z',
    publishedAt: count - i === 2 ? null : '2026-11-23T10:00:01.000Z',
    jobId: testId('c', count - i),
  }))
  const detail = documentDetail(1)
  return { ...detail, versions, live: detail.live && { ...detail.live, versionId: testId('b', live) } }
}

async function run(argv: string[], live = 3, more: FakeRoutes = {}) {
  const asked: unknown[] = []
  await using server = await openFakeServer({
    [`GET /v1/documents/${documentId}`]: () => ({ body: document(live) }),
    [`POST /v1/documents/${documentId}/versions/*`]: ({ path, json }) => {
      asked.push(path.split('/').at(-2), json)
      return { body: document(Number(path.split('/').at(-2)?.slice(-1))) }
    },
    ...more,
  })
  const { io, written } = testIo()
  const exitCode = await runCli(['rollback', ...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, asked }
}

test('without a version, the one that was published before the live one', async () => {
  const { exitCode, stdout, asked } = await run([documentId, '--reason', 'tables were cut'])
  assert.equal(exitCode, 0)
  assert.deepEqual(asked, [testId('b', 1), { reason: 'tables were cut' }])
  assert.ok(stdout.includes(`version ${testId('b', 1)} is live now, it was ${testId('b', 3)}`), stdout)
})

test('a version by the end of its id, also a later one', async () => {
  const { stdout, asked } = await run([documentId, testId('b', 3).slice(-6)], 1)
  assert.deepEqual(asked, [testId('b', 3), {}])
  assert.match(stdout, /is live now/)
})

test('nothing before the live one, no such version, and what the server refuses', async () => {
  const none = await run([documentId], 1)
  assert.equal(none.exitCode, 4)
  assert.match(none.stderr, /has no version before the live one/)
  assert.equal((await run([documentId, 'fffffff'])).exitCode, 4)
  assert.equal((await run([documentId, 'no id'])).exitCode, 2)
  const refused = await run([documentId], 3, {
    [`POST /v1/documents/${documentId}/versions/*`]: () => problem(409, 'rollback_refused', '3 of its 5 chunks …'),
  })
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /3 of its 5 chunks/)
})
