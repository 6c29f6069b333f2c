import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type FakeRoutes, openFakeServer } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { documentDetail, searchHit } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'))
  for (const name of ['guide.md']) await writeFile(join(folder, name), `# ${name}`)
})
after(() => rm(folder, { recursive: true }))

function routes(mode: 'mock' | 'real', seen: { uploads: string[]; queries: string[] }): FakeRoutes {
  return {
    'GET /v1/doctor': () => ({
      body: {
        version: '1.0.0',
        node: 'v26.0.0',
        pid: 7,
        startedAt: '2026-11-23T10:00:00.000Z',
        settings: [],
        checks: [],
        services: [{ service: 'embed', mode, providers: ['openai'] }],
        space: { provider: 'openai', model: 'm', dimensions: 3, revision: '1', simulated: mode === 'mock' },
        jobs: [],
        processes: [],
        databaseBytes: 30_000_000,
      },
    }),
    'POST /v1/documents': ({ form }) => {
      const file = form?.get('file')
      seen.uploads.push(file instanceof File ? file.name : '')
      return { status: 201, body: { created: true, document: documentDetail(1) } }
    },
    'GET /v1/documents/*': ({ path }) => {
      const [, , , documentId, pages, number] = path.split('/')
      if (pages)
        return { body: { documentId, pageNumber: Number(number), markdown: '## Night alarms\n\nAlarms at night.' } }
      return { body: documentDetail(1) }
    },
    'POST /v1/search': ({ json }) => {
      seen.queries.push((json as { query: string }).query)
      return { body: { hits: [searchHit()], method: 'hybrid', degraded: null, space: null, tookMs: 1 } }
    },
  }
}

async function demo(argv: string[], mode: 'mock' | 'real' = 'mock') {
  const seen = { uploads: [] as string[], queries: [] as string[] }
  await using server = await openFakeServer(routes(mode, seen))
  const { io, written } = testIo({ workingDirectory: folder, samplesDir: folder, programName: 'npm run -s sluice --' })
  const exitCode = await runCli(['demo', ...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, ...seen }
}

test('the tour: the samples, the bill that was not, two answers, what to do next', async () => {
  const { exitCode, stdout, uploads, queries } = await demo([])
  assert.equal(exitCode, 0)
  assert.deepEqual(uploads, ['guide.md'])
  assert.equal(queries.length, 2)
  assert.match(stdout, /^Sluice makes 1 document searchable/)
  assert.match(stdout, /without a key: paid services are simulated/)
  assert.match(stdout, /would have cost \$0\.000002/)
  assert.match(stdout, /1\. file-1\.md, page 2 {2}Pumps › Night alarms/)
  assert.match(stdout, /Next:\n {2}npm run -s sluice -- search/)
})

test('own files are asked a question of their own, or the given one', async () => {
  const own = await demo(['guide.md'])
  assert.deepEqual(own.queries, ['Night alarms'])
  assert.deepEqual((await demo(['guide.md', '-q', 'why'])).queries, ['why'])
})

test('I1: nothing is called free or simulated where calls are real', async () => {
  const { stdout } = await demo([], 'real')
  assert.doesNotMatch(stdout, /without a key/)
  assert.match(stdout, /embed real\. Real calls are paid\./)
})

test('--json is one object', async () => {
  const { stdout } = await demo(['--json'])
  const report = JSON.parse(stdout)
  assert.equal(report.searches[0].response.hits[0].pageNumber, 2)
  assert.equal(report.ingest.totals.succeeded, 1)
})
