import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CostEntry, CostReport, CostRow } from '../../contract/costs.ts'
import type { PriceListView } from '../../contract/price-list.ts'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { testId } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

async function run(argv: string[], routes: FakeRoutes) {
  await using server = await openFakeServer(routes)
  const { io, written } = testIo()
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written }
}

const amounts = {
  calls: 2,
  simulatedCalls: 2,
  units: { pages: '0', tokens: '1234567' },
  costNanoUsd: '0',
  shadowNanoUsd: '24691340',
  heldNanoUsd: '0',
  avoidedNanoUsd: '0',
  avoidedShadowNanoUsd: '0',
  inDoubtNanoUsd: '0',
}
const head = {
  tenant: 'default',
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  timeZone: 'UTC',
  totals: amounts,
  nextCursor: null,
}
function sums(by: Extract<CostReport, { kind: 'sums' }>['by'], rows: CostRow[], changes: object = {}): CostReport {
  return { kind: 'sums', by, ...head, rows, ...changes }
}
const entry: CostEntry = {
  at: '2026-11-23T10:00:00.000Z',
  tenantId: 'default',
  entryId: testId('c', 1),
  callId: testId('c', 2),
  kind: 'settlement',
  service: 'parse',
  purpose: 'ingest',
  provider: 'local',
  model: '1',
  mode: 'mock',
  simulated: false,
  reasons: ['mode is mock', 'local costs nothing'],
  documentId: testId('a', 1),
  fileName: 'evil\u001b[2J.md',
  jobId: testId('b', 1),
  units: '1',
  unit: 'page',
  costNanoUsd: '0',
  shadowNanoUsd: '3750000',
  heldNanoUsd: '0',
  avoidedNanoUsd: '0',
  avoidedShadowNanoUsd: '0',
  tags: [],
  bookedAt: '2026-11-23T10:00:00.000Z',
  note: null,
}

test('costs: a table with totals, and that nothing was paid; the options reach the server', async () => {
  let asked = ''
  const options = ['--from', '2026-11-01', '--to', '2026-11-30', '--time-zone', 'Europe/Berlin', '--tenant', '*']
  const { exitCode, stdout } = await run(['costs', '--by', 'day,service', ...options], {
    'GET /v1/costs': ({ query }) => {
      asked = query.toString()
      return { body: sums(['day', 'service'], [{ day: '2026-11-23', service: 'embed', ...amounts }], { tenant: '*' }) }
    },
  })
  assert.equal(exitCode, 0)
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked)), {
    by: 'day,service',
    from: '2026-11-01',
    to: '2026-11-30',
    timeZone: 'Europe/Berlin',
    tenant: '*',
    limit: '10000',
  })
  assert.match(stdout, /Costs of all tenants\nfrom 2026-11-01 00:00:00Z until 2026-12-01 00:00:00Z/)
  assert.match(stdout, /2026-11-23 {2}embed +2 +0 +1,234,567 +\$0\.00 +\$0\.02469134 +simulated/)
  assert.match(stdout, /2 calls, 0 pages, 1,234,567 tokens; cost \$0\.00, at the real services \$0\.02469134/)
  assert.match(stdout, /simulated: no provider was called, nothing was paid/)
})

test('costs: what was really paid is not called simulated, and a mixture is called one', async () => {
  const paid = { ...amounts, simulatedCalls: 0, costNanoUsd: '24691340' }
  const body = (row: typeof amounts) => sums(['model'], [{ model: 'm', ...row }], { totals: row })
  const real = await run(['costs', '--by', 'model'], { 'GET /v1/costs': () => ({ body: body(paid) }) })
  assert.match(real.stdout, /cost \$0\.02469134/)
  assert.doesNotMatch(real.stdout, /simulated|nothing was paid/)
  const mixed = { ...paid, simulatedCalls: 1 }
  const both = await run(['costs', '--by', 'model'], { 'GET /v1/costs': () => ({ body: body(mixed) }) })
  assert.match(both.stdout, / partly simulated\n/)
  assert.match(both.stdout, /\npartly simulated: `sluice costs --by call` tells/)
})

test('costs: what is held, in doubt and avoided stands under the totals, and a tag has its row', async () => {
  const totals = { ...amounts, heldNanoUsd: '50000000', inDoubtNanoUsd: '20000000', avoidedShadowNanoUsd: '3750000' }
  const rows = [
    { tag: 'archive', ...totals },
    { tag: '', ...totals },
  ]
  const { stdout } = await run(['costs', '--by', 'tag'], {
    'GET /v1/costs': () => ({ body: sums(['tag'], rows, { totals }) }),
  })
  assert.match(stdout, /\narchive +2 .*\n\(no tag\) +2 /)
  assert.match(stdout, /\nheld \$0\.05, of it \$0\.02 in doubt \(`sluice costs doubts`\)\n/)
  assert.match(stdout, /\navoided \$0\.00, at the real services \$0\.00375: the result was there already\n/)
})

test('costs --json holds the rows of all pages', async () => {
  const { stdout } = await run(['costs', '--by', 'document', '--json'], {
    'GET /v1/costs': ({ query }) => {
      const first = query.get('cursor') === null
      const row = { documentId: first ? testId('a', 1) : null, fileName: null, ...amounts }
      return { body: sums(['document'], [row], { nextCursor: first ? 'more' : null }) }
    },
  })
  const report = JSON.parse(stdout)
  assert.deepEqual(
    report.rows.map((row: CostRow) => row.documentId),
    [testId('a', 1), null],
  )
  assert.equal(report.nextCursor, null)
})

test('costs --by call: each call with document, job, provider and reasons; and how to see more', async () => {
  let limit: string | null = ''
  const { stdout, stderr } = await run(['costs', '--by', 'call'], {
    'GET /v1/costs': ({ query }) => {
      limit = query.get('limit')
      return { body: { kind: 'calls', ...head, rows: Array(50).fill(entry), nextCursor: 'more' } satisfies CostReport }
    },
  })
  assert.equal(limit, '50')
  const line = stdout.split('\n').find(text => text.startsWith('2026-11-23 10:00:00Z')) ?? ''
  for (const part of ['local 1', '1 page ', '$0.00375', 'evil\\u{1b}[2J.md', testId('b', 1), 'local costs nothing'])
    assert.ok(line.includes(part), `${part}: ${line}`)
  assert.match(stderr, /the first 50 rows; more with --limit or --csv/)
})

test('costs: no calls, and what the server refuses', async () => {
  const none = await run(['costs'], { 'GET /v1/costs': () => ({ body: sums(['service'], []) }) })
  assert.match(none.stdout, /no calls/)
  const wrong = await run(['costs', '--by', 'colour'], {
    'GET /v1/costs': () => problem(400, 'validation_failed', 'by: "colour" is none of day, service.'),
  })
  assert.equal(wrong.exitCode, 2)
  assert.match(wrong.stderr, /"colour" is none of/)
  const csv = await run(['costs', '--csv'], { 'GET /v1/costs': () => problem(403, 'forbidden', 'This key may not.') })
  assert.deepEqual([csv.exitCode, csv.stdout], [1, ''])
  assert.match(csv.stderr, /error: This key may not\./)
})

test('prices: each with its dates, source, and whether it is in force', async () => {
  const price = {
    provider: 'openai',
    operation: 'embed',
    model: 'text-embedding-3-small',
    unit: 'token',
    nanoUsd: '20000000',
    perUnits: '1000000',
    effectiveFrom: '2024-01-25',
    effectiveTo: null,
    source: 'their page',
    origin: 'built-in',
    inForce: false,
  } as const
  const own = { ...price, nanoUsd: '15000000', source: 'contract 7', origin: 'file', inForce: true } as const
  const body: PriceListView = { at: '2026-11-23T10:00:00.000Z', prices: [own, price] }
  const { stdout } = await run(['prices'], { 'GET /v1/prices': () => ({ body }) })
  assert.match(stdout, /text-embedding-3-small +\$0\.015 +1,000,000 tokens +2024-01-25 +– +yes +your file: contract 7/)
  assert.match(stdout, /text-embedding-3-small +\$0\.02 +1,000,000 tokens +2024-01-25 +– +no +their page/)
  const { stdout: json } = await run(['prices', '--json'], { 'GET /v1/prices': () => ({ body }) })
  assert.deepEqual(JSON.parse(json), body)
})
