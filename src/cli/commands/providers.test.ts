import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProviderRecord } from '../../contract/provider-history.ts'
import type { AccountLimits } from '../../contract/provider-limits.ts'
import { openFakeServer } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { runCli } from '../run-cli.ts'

const account: AccountLimits = {
  provider: 'openai',
  model: 'text-embedding-3-small',
  simulated: false,
  key: 'a1b2c3',
  limits: [
    { unit: 'requests', spanSeconds: 60, limit: 3_000, used: 12, room: 2_988 },
    { unit: 'tokens', spanSeconds: 60, limit: 1_000_000, used: 1_000_000, room: 0 },
  ],
  freeAt: '2026-11-23T10:00:31.000Z',
  closedUntil: null,
  atOnce: { underWay: 2, most: 16, waiting: 0 },
}
const amounts = (costNanoUsd: string, shadowNanoUsd: string) => ({ costNanoUsd, shadowNanoUsd })
const record = (simulated: boolean): ProviderRecord => ({
  service: 'parse',
  provider: 'llamaparse',
  simulated,
  models: ['cost_effective'],
  calls: 2,
  documents: 2,
  unit: 'page',
  units: '8',
  total: amounts(simulated ? '0' : '30000000', '30000000'),
  perDocument: amounts(simulated ? '0' : '15000000', '15000000'),
  perUnits: { units: 1, ...amounts(simulated ? '0' : '3750000', '3750000') },
  measured: simulated
    ? null
    : { calls: 3, faults: 1, limited: 0, retries: 0, answers: 2, latencyMs: { p50: 2_000, p95: 5_000, p99: 5_000 } },
})

async function run(argv: string[]) {
  const asked: string[] = []
  await using server = await openFakeServer({
    'GET /v1/providers/limits': () => ({ body: { accounts: [account] } }),
    'GET /v1/providers/history': ({ query }) => {
      asked.push(query.get('from') ?? '', query.get('to') ?? '')
      return { body: { records: [record(false), record(true)] } }
    },
  })
  const { io, written } = testIo()
  const exitCode = await runCli(['providers', ...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, asked }
}

test('--limits: what is used of each limit, and when there is room again', async () => {
  const { exitCode, stdout } = await run(['--limits'])
  assert.equal(exitCode, 0)
  assert.match(
    stdout,
    /openai text-embedding-3-small key a1b2c3… +requests in 60 s +12 +3,000 +2,988 +2026-11-23 10:00:31Z/,
  )
  assert.match(stdout, /tokens in 60 s +1,000,000 +1,000,000 +0 /)
})

test('--days: real and simulated, with costs, latencies and how many calls failed', async () => {
  const { stdout, asked } = await run(['--days', '30'])
  assert.match(stdout, /parse +llamaparse +2 +2 +\$0\.015 +\$0\.00375 +\$0\.00375 +2000 ms +5000 ms +1 of 3/)
  assert.match(stdout, /parse +llamaparse \(simulated\) +2 +2 +\$0\.00 +\$0\.00 +\$0\.00375 +– +– +–/)
  assert.equal(Date.parse(asked[1] ?? '') - Date.parse(asked[0] ?? ''), 30 * 86_400_000)
})

test('both at once are refused', async () => {
  assert.equal((await run(['--limits', '--days', '3'])).exitCode, 2)
})
