import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { deferredJob, documentDetail, jobView, testId } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'))
  for (const name of ['one.md', 'two.md', 'three.md']) await writeFile(join(folder, name), `# ${name}`)
})
after(() => rm(folder, { recursive: true }))

/** Runs one command line against these routes. */
async function run(argv: string[], routes: FakeRoutes = {}, options: Parameters<typeof testIo>[0] = {}) {
  await using server = await openFakeServer(routes)
  const test = testIo({ workingDirectory: folder, ...options })
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], test.io)
  return { exitCode, ...test.written, calls: server.calls }
}

/** An API in which the files one.md, two.md, three.md become documents 1, 2, 3; `outcome` says how their jobs end. */
function intake(outcome: (n: number) => 'succeeded' | 'failed' | 'there' | 'refused'): FakeRoutes {
  const names = ['', 'one.md', 'two.md', 'three.md']
  const error = { code: 'document_corrupt', message: 'It is cut short.', action: 'Export it again.', cause: null }
  const job = (n: number, over: boolean) =>
    jobView(n, {
      fileName: names[n] ?? '',
      ...(over && (outcome(n) === 'failed' ? { state: 'failed', error } : { state: 'succeeded' })),
    })
  return {
    'POST /v1/documents': ({ form }) => {
      const file = form?.get('file')
      const n = names.indexOf(file instanceof File ? file.name : '')
      if (outcome(n) === 'refused') return problem(415, 'file_type_unsupported', `${names[n]} is of no known type.`)
      const there = outcome(n) === 'there'
      return {
        status: there ? 200 : 201,
        body: { created: !there, document: documentDetail(n, { job: job(n, there) }) },
      }
    },
    'GET /v1/jobs': () => ({ body: { items: [3, 2, 1].map(n => job(n, true)), nextCursor: null } }),
    'GET /v1/jobs/*': ({ path }) => ({ body: { ...job(Number(path.slice(-12)), true), events: [] } }),
    'GET /v1/documents/*': ({ path }) => {
      const n = Number(path.slice(-12))
      return {
        body: documentDetail(n, { job: job(n, true), ...(outcome(n) === 'failed' && { live: null, costs: [] }) }),
      }
    },
  }
}

test('ingest: a table with totals on stdout, progress on stderr, simulated results marked', async () => {
  const { exitCode, stdout, stderr } = await run(
    ['ingest', '.'],
    intake(n => (n === 2 ? 'there' : 'succeeded')),
  )
  assert.equal(exitCode, 0)
  assert.match(stdout, /one\.md +markdown +3 +7 +\$0\.000002 +succeeded/)
  assert.match(stdout, /two\.md +.*already ingested/)
  assert.match(stdout, /3 documents, 9 pages, 21 chunks; 1 already ingested/)
  assert.match(stdout, /would have cost \$0\.000006 at the real services \(of it \$0\.000002 in earlier runs\)/)
  assert.match(stdout, /simulated: no provider was called, nothing was paid/)
  assert.match(stderr, /one\.md: succeeded, 3 pages/)
})

test('I22: ingest tells each failure with code, action and where to look, and exits with 1', async () => {
  const { exitCode, stdout } = await run(
    ['ingest', 'one.md', 'two.md', 'three.md'],
    intake(n => (['succeeded', 'failed', 'refused'] as const)[n - 1] ?? 'succeeded'),
  )
  assert.equal(exitCode, 1)
  assert.match(stdout, /3 documents, 3 pages, 7 chunks; 1 failed; 1 rejected/)
  assert.match(
    stdout,
    new RegExp(
      `failed at parse: two.md\n  It is cut short.\n  what to do: Export it again.\n  \\(document_corrupt, job ${testId('b', 2)}\\)`,
    ),
  )
  assert.match(
    stdout,
    /rejected: three\.md\n {2}three\.md is of no known type\.\n.*\n {2}\(file_type_unsupported, correlation id cid-1\)/,
  )
})

test('ingest --json: one object on stdout, and metadata and chunking reach the server', async () => {
  const forms: FormData[] = []
  const routes = intake(() => 'succeeded')
  const upload = routes['POST /v1/documents']
  const { exitCode, stdout } = await run(
    ['ingest', 'one.md', '--json', '-m', 'team=water', '-m', 'year:=2025', '--max-tokens', '64', '--overlap', '8'],
    {
      ...routes,
      'POST /v1/documents': request => {
        if (request.form) forms.push(request.form)
        return upload?.(request) ?? {}
      },
    },
  )
  assert.equal(exitCode, 0)
  const report = JSON.parse(stdout)
  assert.deepEqual(
    report.documents.map((d: { path: string; state: string }) => [d.path, d.state]),
    [['one.md', 'succeeded']],
  )
  assert.deepEqual([report.totals.chunkCount, report.totals.shadowNanoUsd, report.simulation], [7, '2000', 'all'])
  assert.deepEqual(JSON.parse(String(forms[0]?.get('metadata'))), { team: 'water', year: 2025 })
  assert.deepEqual(JSON.parse(String(forms[0]?.get('chunking'))), { maxTokens: 64, overlapTokens: 8 })
  const file = forms[0]?.get('file')
  assert.equal(file instanceof File && (await file.text()), '# one.md')
})

test('tags, priority and deadline reach the server; wrong ones are wrong usage', async () => {
  const forms: FormData[] = []
  const routes = intake(() => 'succeeded')
  const upload = routes['POST /v1/documents']
  const taking: FakeRoutes = {
    ...routes,
    'POST /v1/documents': request => {
      if (request.form) forms.push(request.form)
      return upload?.(request) ?? {}
    },
  }
  const options = ['--tag', 'a, b/c', '--tag', 'd', '--priority', '-10', '--deadline', '2026-11-30T12:00:00Z']
  assert.equal((await run(['ingest', 'one.md', ...options], taking)).exitCode, 0)
  assert.deepEqual(
    ['tags', 'priority', 'deadline'].map(name => forms[0]?.get(name)),
    ['a,b/c,d', '-10', '2026-11-30T12:00:00Z'],
  )
  await run(['ingest', 'one.md'], taking)
  assert.deepEqual([...(forms[1]?.keys() ?? [])], ['file'])
  assert.equal((await run(['ingest', 'one.md', '--tag', 'a b'])).exitCode, 2)
  assert.equal((await run(['ingest', 'one.md', '--priority', '1.5'])).exitCode, 2)
  assert.equal((await run(['ingest', 'one.md', '--deadline', 'tomorrow'])).exitCode, 2)
})

test('ingest ends with 5 when documents must wait: which, for what, until when, and how to raise the cap', async () => {
  const deferred = (n: number) => ({ ...deferredJob(n), fileName: ['', 'one.md', 'two.md'][n] ?? '' })
  const routes = intake(n => (n === 3 ? 'failed' : 'succeeded'))
  const upload = routes['POST /v1/documents']
  const jobOf = routes['GET /v1/jobs/*']
  const waiting: FakeRoutes = {
    ...routes,
    'POST /v1/documents': request => {
      const file = request.form?.get('file')
      if (file instanceof File && file.name === 'two.md')
        return { status: 201, body: { created: true, document: documentDetail(2, { job: deferred(2) }) } }
      return upload?.(request) ?? {}
    },
    'GET /v1/jobs/*': request =>
      request.path.endsWith('2') ? { body: { ...deferred(2), events: [] } } : (jobOf?.(request) ?? {}),
  }
  const { exitCode, stdout, stderr } = await run(['ingest', 'one.md', 'two.md'], waiting)
  assert.equal(exitCode, 5)
  assert.match(stdout, /2 documents, 3 pages, 7 chunks; 1 deferred\n/)
  assert.match(
    stdout,
    /\ndeferred at parse: two\.md waits for \$0\.00375 more in budget parse-day, until 2026-11-23 23:00:00Z\n {2}The parse call waits: .*\n/,
  )
  assert.match(
    stdout,
    /what to do: wait until 2026-11-23 23:00:00Z, or raise the cap: `sluice budgets set parse-day --tenant acme --cap <dollars>`/,
  )
  assert.match(stderr, /two\.md: parse deferred, waits for \$0\.00375 more in budget parse-day/)
  assert.match(stderr, /stopped watching 1 document that must wait; the work goes on by itself at http/)
  const report = JSON.parse((await run(['ingest', 'two.md', '--json'], waiting)).stdout)
  assert.deepEqual(
    [report.documents[0].state, report.documents[0].deferral, report.totals.deferred],
    ['deferred', deferred(2).deferral, 1],
  )
  assert.equal((await run(['ingest', 'two.md', 'three.md'], waiting)).exitCode, 1, 'a failure weighs more')
  assert.equal((await run(['ingest', 'two.md', '--no-wait'], waiting)).exitCode, 0)
})

test('in process, ingest finishes earlier jobs too, and closes the server', async () => {
  let closed = 0
  const routes = intake(() => 'succeeded')
  await using server = await openFakeServer({
    ...routes,
    'GET /v1/jobs': ({ query }) => ({
      body: {
        items: query.get('state') === 'queued' ? [jobView(2, { fileName: 'left-over.md' })] : [],
        nextCursor: null,
      },
    }),
  })
  const close = async () => {
    closed += 1
  }
  const inProcess = { url: server.url, apiKey: 'test-key', close }
  const { io, written, opened } = testIo({ inProcess, workingDirectory: folder })
  assert.equal(await runCli(['ingest', 'one.md', '--data-dir', 'data'], io), 0)
  assert.match(written.stderr, /resuming 1 unfinished job\n/)
  assert.match(written.stdout, /left-over\.md .*succeeded/)
  assert.deepEqual(opened, [{ dataDir: join(folder, 'data'), tenantId: 'default', workers: true }])
  assert.equal(closed, 1)
})

test('Ctrl-C: the first stops watching and closes, the second ends at once', async () => {
  let closed = 0
  const running = jobView(1, { state: 'running' })
  await using server = await openFakeServer({
    'POST /v1/documents': () => ({
      status: 201,
      body: { created: true, document: documentDetail(1, { job: running }) },
    }),
    'GET /v1/jobs': () => ({ body: { items: [], nextCursor: null } }),
    'GET /v1/jobs/*': () => {
      setImmediate(interrupt)
      return { body: { ...running, events: [] } }
    },
  })
  const close = async () => {
    closed += 1
    interrupt()
  }
  const { io, written, exits, interrupt } = testIo({
    inProcess: { url: server.url, apiKey: 'test-key', close },
    workingDirectory: folder,
  })
  assert.equal(await runCli(['ingest', 'one.md'], io), 130)
  assert.match(written.stderr, /unfinished work resumes with the next `sluice ingest` or `sluice serve`/)
  assert.equal(written.stdout, '')
  assert.equal(closed, 1)
  assert.deepEqual(exits, [130])
})
