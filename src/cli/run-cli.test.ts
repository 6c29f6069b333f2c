import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppError } from '../contract/failure.ts'
import { type FakeRoutes, openFakeServer, problem } from './__fixtures__/fake-server.http.ts'
import { testIo } from './__fixtures__/test-io.ts'
import { deferredJob, documentDetail, jobView, searchHit, testId } from './__fixtures__/views.ts'
import { runCli } from './run-cli.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'))
})
after(() => rm(folder, { recursive: true }))

/** Runs one command line against these routes. */
async function run(argv: string[], routes: FakeRoutes = {}, options: Parameters<typeof testIo>[0] = {}) {
  await using server = await openFakeServer(routes)
  const test = testIo({ workingDirectory: folder, ...options })
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], test.io)
  return { exitCode, ...test.written, calls: server.calls }
}

test('search shows rank, file, page, headings, highlights and what made the hit', async () => {
  const body = {
    hits: [searchHit({ fileName: 'evil\u001b[2J.md' })],
    method: 'full_text',
    degraded: 'no vectors here',
    space: null,
    tookMs: 3,
  }
  let sent: unknown
  const { exitCode, stdout } = await run(['search', 'close', 'the', 'valve', '-k', '3', '-t', 'pdf,csv', '-m', 'a=b'], {
    'POST /v1/search': ({ json }) => {
      sent = json
      return { body }
    },
  })
  assert.equal(exitCode, 0)
  assert.deepEqual(sent, {
    query: 'close the valve',
    k: 3,
    filters: { fileTypes: ['pdf', 'csv'], metadata: { a: 'b' } },
  })
  assert.match(stdout, /degraded \(full text only\): no vectors here/)
  assert.match(stdout, /1\. evil\\u\{1b\}\[2J\.md, page 2 {2}Pumps › Night alarms/)
  assert.match(stdout, /Close the valve when it rings\./)
  assert.match(stdout, /parsed by local 1, embedded by openai text-embedding-3-small \(simulated\)/)
  assert.ok(!stdout.includes('\u001b'))
})

test('exit codes: 2 wrong usage, 3 no server or access, 4 not found, 1 the rest', async () => {
  assert.equal((await run(['frobnicate'])).exitCode, 2)
  assert.equal((await run(['ingest'])).exitCode, 2)
  assert.equal((await run(['search', 'x', '-k', '0'])).exitCode, 2)
  assert.equal((await run(['ingest', 'no-such-file.md'])).exitCode, 2)
  assert.equal((await run(['show', testId('a', 9)])).exitCode, 4)
  assert.equal(
    (
      await run(['cancel', testId('a', 1)], {
        'GET /v1/documents/*': () => ({ body: documentDetail(1) }),
        'POST /v1/jobs/*': () => problem(409, 'job_state_conflict', 'It is over.'),
      })
    ).exitCode,
    1,
  )
  await using server = await openFakeServer({})
  assert.equal(await runCli(['documents', '--url', server.url, '--api-key', 'wrong'], testIo().io), 3)
  const { io, written } = testIo()
  assert.equal(await runCli(['documents', '--url', 'http://127.0.0.1:9', '--api-key', 'x'], io), 3)
  assert.match(written.stderr, /^error: GET http:\/\/127\.0\.0\.1:9\/v1\/documents.* got no answer/)
  assert.equal(await runCli(['documents', '--url', 'http://127.0.0.1:9'], io), 3)
})

test('a failure says what happened, what to do and how to find it in the log', async () => {
  const { exitCode, stdout, stderr } = await run(['documents', '--json'], {
    'GET /v1/documents': () => problem(503, 'database_unavailable', 'No answer from the database.'),
  })
  assert.equal(exitCode, 1)
  assert.equal(stdout, '')
  assert.equal(
    stderr,
    'error: No answer from the database.\nwhat to do: Do what database_unavailable asks.\n(database_unavailable, cid-1)\n',
  )
})

test('an id may be given by its beginning or end when that is unique', async () => {
  const routes: FakeRoutes = {
    'GET /v1/documents': () => ({ body: { items: [documentDetail(12), documentDetail(13)], nextCursor: null } }),
    'GET /v1/jobs': () => ({ body: { items: [], nextCursor: null } }),
    'GET /v1/documents/*': ({ path }) => ({ body: documentDetail(Number(path.slice(-12))) }),
    'GET /v1/jobs/*': ({ path }) => ({ body: { ...jobView(Number(path.slice(-12))), events: [] } }),
  }
  const byEnd = await run(['show', '000013', '--json'], routes)
  assert.equal(JSON.parse(byEnd.stdout).documentId, testId('a', 13))
  const ambiguous = await run(['show', 'aaaaaa'], routes)
  assert.deepEqual([ambiguous.exitCode, /2 ids begin or end with/.test(ambiguous.stderr)], [2, true])
  assert.equal((await run(['show', 'abc'], routes)).exitCode, 2)
})

test('documents --all goes through all pages', async () => {
  const { stdout } = await run(['documents', '--all', '--json'], {
    'GET /v1/documents': ({ query }) =>
      query.has('cursor')
        ? { body: { items: [documentDetail(2)], nextCursor: null } }
        : { body: { items: [documentDetail(1)], nextCursor: 'c' } },
  })
  const page = JSON.parse(stdout)
  assert.deepEqual([page.items.length, page.nextCursor], [2, null])
})

test('jobs and show tell why a deferred job waits, with its tags, priority and deadline', async () => {
  const job = { ...deferredJob(1), tags: ['archive'], priority: 7, dueAt: '2026-11-30T12:00:00.000Z' }
  const routes: FakeRoutes = {
    'GET /v1/jobs': () => ({ body: { items: [job], nextCursor: null } }),
    'GET /v1/documents': () => ({ body: { items: [documentDetail(1, { job, tags: ['archive'] })], nextCursor: null } }),
    'GET /v1/documents/*': () => ({ body: documentDetail(1, { job, tags: ['archive', 'x'] }) }),
    'GET /v1/jobs/*': () => ({ body: { ...job, events: [] } }),
  }
  const waits = /waits for \$0\.00375 more in budget parse-day, until 2026-11-23 23:00:00Z/
  assert.match((await run(['jobs'], routes)).stdout, waits)
  assert.match((await run(['documents'], routes)).stdout, /deferred \(parse\) +archive\n/)
  const { stdout } = await run(['show', testId('a', 1)], routes)
  for (const pattern of [
    waits,
    /tags +archive, x\n/,
    /priority +7\n/,
    /due +2026-11-30 12:00:00Z\n/,
    /\nThe parse call waits: /,
  ])
    assert.match(stdout, pattern)
})

test('keys create prints the secret alone on stdout', async () => {
  const { stdout, stderr } = await run(['keys', 'create', '--name', 'ci', '--tenant', 'acme', '--admin'], {
    'POST /v1/keys': ({ json }) => ({
      status: 201,
      body: {
        ...(json as object),
        keyId: testId('a', 1),
        createdAt: '2026-11-23T10:00:00.000Z',
        revokedAt: null,
        secret: 'sk-sluice-x',
      },
    }),
  })
  assert.equal(stdout, 'sk-sluice-x\n')
  assert.match(stderr, /admin key .* of tenant acme; the secret is shown only this once/)
})

test('doctor exits with 1 when a check fails', async () => {
  const report = (ok: boolean) => ({
    version: '1.0.0',
    node: 'v26.0.0',
    pid: 7,
    startedAt: '2026-11-23T10:00:00.000Z',
    settings: [{ name: 'SLUICE_PORT', value: '3000', source: 'default' }],
    checks: [{ name: 'database', ok, detail: 'embedded' }],
    services: [{ service: 'parse', mode: 'mock', providers: ['local'] }],
    space: { provider: 'openai', model: 'm', dimensions: 3, revision: '1', simulated: true },
    jobs: [],
    processes: [
      {
        host: 'evil\u001b[2J',
        pid: 7,
        startedAt: '2026-11-23T10:00:00.000Z',
        memoryBytes: 200_000_000,
        diskFreeBytes: null,
        diskSizeBytes: null,
        runningJobs: 2,
      },
    ],
    databaseBytes: 30_000_000,
  })
  assert.equal((await run(['doctor'], { 'GET /v1/doctor': () => ({ body: report(true) }) })).exitCode, 0)
  const failed = await run(['doctor'], { 'GET /v1/doctor': () => ({ body: report(false) }) })
  assert.equal(failed.exitCode, 1)
  assert.match(failed.stdout, /failed {2}database {2}embedded/)
  assert.match(failed.stdout, /evil\S+\[2J, 7 +2026-11-23 10:00:00Z +2 +200 MB +–\nthe database takes 30\.0 MB/)
})

test('serve starts the server on the data directory; --version and --help print to stdout', async () => {
  const served: string[] = []
  const { io, written } = testIo({ serve: async ({ dataDir }) => void served.push(dataDir) })
  assert.equal(await runCli(['serve', '--data-dir', '/data/x'], io), 0)
  assert.deepEqual(served, ['/data/x'])
  assert.equal(await runCli(['--version'], io), 0)
  assert.equal(written.stdout, '9.8.7\n')
  assert.equal(await runCli(['ingest', '--help'], io), 0)
  assert.match(written.stdout, /Usage: sluice ingest.*Examples:/s)
  const refused = testIo({ serve: async () => Promise.reject(new AppError('database_in_use', 'Process 7 holds it.')) })
  assert.equal(await runCli(['serve'], refused.io), 1)
  assert.match(refused.written.stderr, /error: Process 7 holds it\./)
})
