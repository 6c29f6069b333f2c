import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../contract/call.ts'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { documentDetail, jobView, testId } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

async function run(argv: string[], routes: FakeRoutes) {
  await using server = await openFakeServer(routes)
  const { io, written } = testIo()
  const exitCode = await runCli(['costs', ...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, calls: server.calls }
}

function call(n: number, changes: Partial<Call> = {}): Call {
  return {
    tenantId: 'acme',
    callId: testId('c', n),
    state: 'unknown',
    service: 'parse',
    provider: 'llamaparse',
    model: 'cost_effective',
    simulated: false,
    units: '3',
    heldNanoUsd: '11250000',
    heldShadowNanoUsd: '11250000',
    heldAt: '2026-11-23T10:00:00.000Z',
    dispatchedAt: '2026-11-23T10:00:01.000Z',
    endedAt: null,
    documentIds: [testId('a', 1), testId('a', 2)],
    note: 'the process that made the call died before the answer was stored',
    ...changes,
  }
}
const inDoubt = (...calls: Call[]): FakeRoutes => ({ 'GET /v1/calls': () => ({ body: { calls } }) })

test('doubts: each call with its documents by name where they are known, and what to do', async () => {
  const { exitCode, stdout } = await run(['doubts'], {
    ...inDoubt(call(1)),
    [`GET /v1/documents/${testId('a', 1)}`]: () => ({
      body: documentDetail(1, { job: jobView(1, { fileName: 'evil\u001b.md' }) }),
    }),
    'GET /v1/documents/*': () => problem(404, 'document_not_found', 'gone'),
  })
  assert.equal(exitCode, 0)
  assert.match(stdout, /2026-11-23 10:00:00Z +acme +parse +llamaparse cost_effective +\$0\.01125 +\$0\.01125/)
  assert.ok(stdout.includes(`evil\\u{1b}.md, ${testId('a', 2)}`), stdout)
  assert.match(stdout, /the process that made the call died/)
  assert.ok(stdout.includes(`sluice costs resolve ${testId('c', 1)} --charged`), stdout)
})

test('doubts: none, and as JSON', async () => {
  assert.match((await run(['doubts'], inDoubt())).stdout, /^no calls in doubt/)
  const { stdout, calls } = await run(['doubts', '--json'], inDoubt(call(1)))
  assert.deepEqual(JSON.parse(stdout), { calls: [call(1)] })
  assert.deepEqual(calls, ['GET /v1/calls'])
})

test('resolve says what became of the call, by the end of its id', async () => {
  const sent: [string, unknown][] = []
  const routes: FakeRoutes = {
    ...inDoubt(call(1), call(12)),
    'POST /v1/calls/*': ({ path, json }) => {
      sent.push([path, json])
      return { status: 204 }
    },
  }
  const partly = await run(['resolve', '000001', '--charged', '0.05', '--reason', 'invoice 7'], routes)
  assert.equal(partly.exitCode, 0)
  assert.match(partly.stdout, /000001: charged \$0\.05; the work that waits for it goes on\n/)
  assert.match((await run(['resolve', testId('c', 12), '--charged'], routes)).stdout, /charged, all that was held/)
  assert.match((await run(['resolve', '000012', '--not-charged'], routes)).stdout, /not charged, its money is free/)
  assert.deepEqual(sent, [
    [`/v1/calls/${testId('c', 1)}/resolve`, { outcome: 'charged', costNanoUsd: '50000000', reason: 'invoice 7' }],
    [`/v1/calls/${testId('c', 12)}/resolve`, { outcome: 'charged' }],
    [`/v1/calls/${testId('c', 12)}/resolve`, { outcome: 'not_charged' }],
  ])
})

test('resolve needs one answer and one call, and changes nothing otherwise', async () => {
  const routes = inDoubt(call(1), call(2))
  const exitCode = async (...argv: string[]) => {
    const ended = await run(['resolve', ...argv], routes)
    assert.ok(!ended.calls.some(made => made.startsWith('POST')), ended.calls.join())
    return ended.exitCode
  }
  assert.equal(await exitCode('000001'), 2)
  assert.equal(await exitCode('000001', '--charged', '--not-charged'), 2)
  assert.equal(await exitCode('000001', '--charged', 'lots'), 2)
  assert.equal(await exitCode('cccccc', '--charged'), 2)
  assert.equal(await exitCode('xyz', '--charged'), 2)
  assert.equal(await exitCode('000009', '--charged'), 4)
})
