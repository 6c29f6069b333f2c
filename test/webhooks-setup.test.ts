import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createWebhooks } from '../src/app/create-webhooks.ts'
import type { WebhookStatus, WebhookTest } from '../src/contract/webhook.ts'
import { signBody } from '../src/webhooks/signature.ts'
import { onBothDatabases } from './harness/databases.ts'
import { openPlace } from './harness/open-place.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { apiKey, createClient, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'
import { deliver, eventOf, newSecret, oldSecret, refusedDuring, webhookState } from './harness/webhook-sender.ts'

const secrets = { SLUICE_WEBHOOK_SECRETS: `${newSecret},${oldSecret}` }
const serverProcess = fileURLToPath(new URL('./harness/server-process.ts', import.meta.url))

onBothDatabases('webhooks without secrets', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WORKERS: 'off' })

  test('I31: are off: 404 for every delivery, nothing is stored', async () => {
    const before = await webhookState(sluice())
    const counts = await refusedDuring(sluice(), async () => {
      for (const headers of [undefined, {}, { 'lc-signature': signBody(Buffer.from('{}'), '') }]) {
        const { status, body } = await deliver(sluice().server.url, '{}', headers)
        assert.deepEqual([status, JSON.parse(body).code], [404, 'webhooks_off'])
      }
    })
    assert.deepEqual([counts, await webhookState(sluice())], [{ off: 3 }, before])
  })

  test('the test says what is missing', async () => {
    const { status, body } = await sluice().request<{ code: string; detail: string }>('POST', '/v1/webhooks/test')
    assert.deepEqual([status, body.code], [500, 'configuration_invalid'])
    assert.match(body.detail, /SLUICE_PUBLIC_URL/)
  })
})

onBothDatabases('webhooks under a public address', createPlace => {
  let sluice: SluiceUnderTest
  let close: () => Promise<void>
  /** What stands between the internet and the server. */
  let proxy: (forward: () => Promise<Response>) => Promise<Response>
  before(async () => {
    const place = await createPlace()
    const relay = await serveHandler(async request => {
      const init = { method: 'POST', headers: request.headers, body: await request.arrayBuffer() }
      return await proxy(() => fetch(sluice.server.url + new URL(request.url).pathname, init))
    })
    sluice = await startSluice(place, { ...secrets, SLUICE_WORKERS: 'off', SLUICE_PUBLIC_URL: relay.url })
    close = async () => {
      await sluice.close()
      await relay.close()
      await place.remove()
    }
  })
  after(() => close())
  const runTest = async () => (await sluice.request<WebhookTest>('POST', '/v1/webhooks/test')).body

  test('the test arrives, and says under which address and how fast', async () => {
    proxy = forward => forward()
    const { milliseconds, url, ...rest } = await runTest()
    assert.deepEqual(rest, { status: 202, arrived: true, failure: null })
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v1\/webhooks\/llamaparse$/)
    assert.ok(milliseconds >= 0 && milliseconds < 10_000)
    const { body } = await sluice.request<WebhookStatus>('GET', '/v1/webhooks')
    assert.deepEqual([body.url, body.secretCount, body.lastEvent?.eventType], [url, 2, 'sluice.test'])
  })

  test('the test arrives also through something that answers first and forwards later', async () => {
    let forwarded: Promise<Response> | undefined
    proxy = async forward => {
      forwarded = new Promise(resolve => setImmediate(() => resolve(forward())))
      return new Response(null, { status: 200 })
    }
    const { status, arrived } = await runTest()
    assert.deepEqual([status, arrived, (await forwarded)?.status], [200, true, 202])
  })

  test('the test says what was answered, or why nothing was, when it does not arrive', async () => {
    proxy = async () => new Response('go away', { status: 403 })
    assert.deepEqual(dropTime(await runTest()), { status: 403, arrived: false, failure: null })
    proxy = () => Promise.reject(new Error('cut'))
    const { failure, ...rest } = dropTime(await runTest())
    assert.deepEqual(rest, { status: null, arrived: false })
    assert.match(failure ?? '', /\w/)
  })

  test('only an admin sees and tests the webhooks', async () => {
    const member = await sluice.clientOf('acme')
    for (const [method, path] of [['GET', '/v1/webhooks'] as const, ['POST', '/v1/webhooks/test'] as const]) {
      assert.equal((await member.request(method, path)).status, 403)
    }
  })
})

onBothDatabases('the log of webhooks', createPlace => {
  test('I32: secrets, bodies and signatures are not in the log, the answers or the audit', async () => {
    const place = await createPlace()
    const child = fork(serverProcess, [], {
      env: { PATH: process.env.PATH, ...place.environment, ...secrets, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'trace' },
      silent: true,
    })
    const ended = once(child, 'exit')
    let seen = ''
    child.stderr?.on('data', chunk => {
      seen += chunk
    })
    const [url] = (await once(child, 'message')) as [string]
    const event = eventOf('pjb-private', 'parse.success', { event_id: 'private-event' })
    const good = signBody(Buffer.from(JSON.stringify(event)), newSecret)
    const bad = signBody(Buffer.from(JSON.stringify(event)), 'wrong')
    const answers = [
      await deliver(url, event),
      await deliver(url, event, { 'lc-signature': bad }),
      await deliver(url, '{"private-event": 7}'),
      await deliver(url, `"private-event"`),
      await deliver(url, 'private-event'.repeat(2_000)),
    ]
    assert.deepEqual(
      answers.map(answer => answer.status),
      [202, 401, 400, 400, 413],
    )
    const { body } = await createClient(url, apiKey).request('GET', '/v1/webhooks')
    child.disconnect()
    await ended
    const database = await openPlace(place)
    const audit = await database.session(
      async s => (await s.client.query('SELECT a::text FROM sluice.audit_entries a')).rows,
    )
    await database.close()
    await place.remove()
    assert.equal(audit.length >= 3, true, 'what was counted is written when the server stops')
    assert.match(seen, /webhook_signature_invalid/)
    const all = seen + JSON.stringify([answers, body, audit])
    for (const hidden of [newSecret, oldSecret, good.slice(7), bad.slice(7), 'private-event', 'pjb-private']) {
      assert.ok(!all.includes(hidden), `${hidden} is told`)
    }
  })
})

test('I7: with real parsing, an address that LlamaParse would refuse stops the start', () => {
  const parts = { database: null as never, hint: async () => {}, newId: () => '', onError() {} }
  const settings = {
    publicUrl: 'https://10.0.0.7',
    webhookSecrets: [newSecret],
    parseMode: 'real' as const,
    llamaCloudBaseUrl: 'https://api.cloud.llamaindex.ai' as const,
  }
  assert.throws(() => createWebhooks(settings, parts), {
    code: 'configuration_invalid',
    message: /LlamaParse would refuse/,
  })
})

function dropTime({ status, arrived, failure }: WebhookTest): Omit<WebhookTest, 'url' | 'milliseconds'> {
  return { status, arrived, failure }
}
