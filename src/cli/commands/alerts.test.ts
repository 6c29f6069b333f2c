import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert } from '../../contract/alert.ts'
import { alertFacts } from '../../contract/alert-kind.ts'
import { type FakeRoutes, openFakeServer } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { runCli } from '../run-cli.ts'

async function run(argv: string[], routes: FakeRoutes) {
  await using server = await openFakeServer(routes)
  const { io, written } = testIo()
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, calls: server.calls }
}

test('alerts: what each says, and what to do about those that last', async () => {
  const at = '2026-11-23T10:00:00.000Z'
  const budget = { budgetId: 'day', money: 'shadow', capNanoUsd: '5000000000', usedNanoUsd: '4000000000' }
  const call = { callId: 'c1', service: 'parse', provider: 'llamaparse' }
  const alert = (kind: Alert['kind'], details: Alert['details'], tenantId = 'acme'): Alert => ({
    alertId: '01a21e74-e3e9-7f90-a75c-d9cae9277668',
    at,
    kind,
    severity: alertFacts[kind].severity,
    lasts: kind === 'breaker_open',
    recoveredAt: null,
    tenantId,
    subject: kind,
    details,
  })
  const alerts = [
    alert('budget_threshold', { ...budget, percent: 80 }, '*'),
    alert('budget_exhausted', budget),
    alert('call_overrun', { ...call, overrunNanoUsd: '0', overrunShadowNanoUsd: '1000000' }),
    alert('call_in_doubt', { ...call, heldNanoUsd: '2000000' }),
    alert('breaker_open', { reason: 'answered with 503' }),
  ]
  const { stdout } = await run(['alerts', '-n', '7'], {
    'GET /v1/alerts': ({ query }) => ({ body: { alerts: query.get('limit') === '7' ? alerts : [] } }),
  })
  assert.match(
    stdout,
    /10:00:00Z +all \(\*\) +– +80 % of budget day \(by simulated costs\): \$4\.00 of \$5\.00 are spent or held\n/,
  )
  assert.match(stdout, /acme +– +budget day \(by simulated costs\) had no room for a call: \$4\.00 of \$5\.00/)
  assert.match(stdout, /parse call c1 at llamaparse cost \$0\.001 more than was held for it\n/)
  assert.match(stdout, /parse call c1 at llamaparse may have been charged \$0\.002\n/)
  assert.match(stdout, /lasts +nothing is sent to breaker_open: it fails \(answered with 503\)\n/)
  assert.match(stdout, /\nbreaker_open: It is tried again by itself\./)
  const none = await run(['alerts'], { 'GET /v1/alerts': () => ({ body: { alerts: [] } }) })
  assert.equal(none.stdout, 'no alerts\n')
})
