import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { runCli } from '../run-cli.ts'

async function run(argv: string[], routes: FakeRoutes) {
  await using server = await openFakeServer(routes)
  const { io, written } = testIo()
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written }
}

const status = {
  provider: 'llamaparse',
  url: 'https://sluice.example.com/v1/webhooks/llamaparse',
  secretCount: 2,
  lastEvent: { eventType: 'parse.\u001b[2J', receivedAt: '2026-11-23T12:00:01.5Z' },
  refused: [{ reason: 'badly_signed', count: 3, lastAt: '2026-11-23T12:00:00Z', lastAddress: '203.0.113.7' }],
}

test('webhooks: the address, the secrets by number, the last event and what was refused', async () => {
  const { exitCode, stdout } = await run(['webhooks'], { 'GET /v1/webhooks': () => ({ body: status }) })
  assert.equal(exitCode, 0)
  assert.match(stdout, /^address +https:\/\/sluice\.example\.com\/v1\/webhooks\/llamaparse\nsecrets +2\n/m)
  assert.match(stdout, /^last event +parse\.\\u\{1b\}\[2J at 2026-11-23 12:00:01Z$/m)
  assert.match(stdout, /^badly signed +3 +2026-11-23 12:00:00Z +203\.0\.113\.7$/m)
})

test('webhooks: what is missing, and what follows from it', async () => {
  const body = { provider: 'llamaparse', url: null, secretCount: 0, lastEvent: null, refused: [] }
  const { stdout } = await run(['webhooks'], { 'GET /v1/webhooks': () => ({ body }) })
  assert.match(stdout, /SLUICE_PUBLIC_URL/)
  assert.match(stdout, /SLUICE_WEBHOOK_SECRETS/)
  assert.match(stdout, /nothing was refused/)
})

test('webhooks test: exit code 0 when the sample arrives, 1 when it does not', async () => {
  const sent = { url: status.url, status: 202, milliseconds: 41, arrived: true, failure: null }
  const good = await run(['webhooks', 'test'], { 'POST /v1/webhooks/test': () => ({ body: sent }) })
  assert.equal(good.exitCode, 0)
  assert.match(good.stdout, /answered with 202, after 41 milliseconds\nit arrived here/)
  const lost = { ...sent, status: null, arrived: false, failure: 'fetch failed: connect ECONNREFUSED' }
  const bad = await run(['webhooks', 'test'], { 'POST /v1/webhooks/test': () => ({ body: lost }) })
  assert.equal(bad.exitCode, 1)
  assert.match(bad.stdout, /no answer: fetch failed: connect ECONNREFUSED, after 41 milliseconds\nit did not arrive/)
})

test('webhooks test: without an address it says which setting is missing', async () => {
  const failure = () =>
    problem(500, 'configuration_invalid', 'SLUICE_PUBLIC_URL is empty: there is no address to send to.')
  const { exitCode, stderr } = await run(['webhooks', 'test'], { 'POST /v1/webhooks/test': failure })
  assert.equal(exitCode, 1)
  assert.match(stderr, /SLUICE_PUBLIC_URL is empty/)
})
