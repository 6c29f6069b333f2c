import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import type { Alert } from '../src/contract/alert.ts'
import type { AlertDelivery, CreatedReceiver, Receiver, SendResult } from '../src/contract/alert-receiver.ts'
import type { RuleView } from '../src/contract/alert-rule.ts'
import { type AlertReceiver, startAlertReceiver } from './harness/alert-receiver.ts'
import { onBothDatabases } from './harness/databases.ts'
import { type MailServer, startMailServer } from './harness/mail-server.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

let mailServer: MailServer
before(async () => {
  mailServer = await startMailServer()
})
after(() => mailServer.close())

/** One for all tests of a suite. */
function useReceiver(): () => AlertReceiver {
  let receiver: AlertReceiver
  before(async () => {
    receiver = await startAlertReceiver()
  })
  after(() => receiver.close())
  return () => receiver
}

onBothDatabases('alerts', createPlace => {
  const receiver = useReceiver()
  const settings = {
    SLUICE_ALERT_PRIVATE_ADDRESSES: 'on',
    get SLUICE_SMTP_URL() {
      return mailServer.url
    },
    SLUICE_MAIL_FROM: 'Sluice <alerts@example.com>',
    SLUICE_WORKERS: 'off',
  }
  const sluice = useSluice(createPlace, settings)
  const admin = <T>(method: string, path: string, body?: unknown) => sluice().request<T>(method, path, body)
  const alertsNow = async (query = '') => (await admin<{ alerts: Alert[] }>('GET', `/v1/alerts${query}`)).body.alerts
  /** Raises a moment's alert, as the ledger does. */
  const raise = (subject: string, tenantId = 'default') =>
    sluice().sql(`INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ($1, 'call_stuck', $2, $3)`, [
      tenantId,
      subject,
      { provider: 'llamaparse', remoteId: subject },
    ])
  const add = async (kind: string, address: string, more: object = {}) => {
    const wish = { kind, address, name: `a ${kind}`, ...more }
    const { status, body } = await admin<CreatedReceiver>('POST', '/v1/alert-receivers', wish)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const forget = (id: string) => admin('DELETE', `/v1/alert-receivers/${id}`)
  const deliveries = async (receiverId: string) =>
    (await admin<{ items: AlertDelivery[] }>('GET', `/v1/alert-deliveries?receiverId=${receiverId}`)).body.items
  /** Waits for the newest delivery to a receiver. */
  const reaches = (receiverId: string, isSo: (delivery: AlertDelivery) => boolean) =>
    until(`the newest delivery: ${isSo}`, async () => (await deliveries(receiverId)).slice(0, 1).some(isSo))
  const lettersTo = (path: string) => receiver().letters.filter(letter => letter.path === path)

  test('a rule raises an alert when it has been so for its time, once, and says when it is over', async () => {
    const { look } = sluice().server.sluice.api.alerts
    const rule = { threshold: 60, forSeconds: 120, recoverSeconds: 60, cooldownSeconds: 600 }
    const { body } = await admin<{ rules: RuleView[] }>('PUT', '/v1/alert-rules/queue_age', rule)
    assert.deepEqual({ ...rule, isOn: true }, pick(body.rules, 'queue_age'))
    const { job } = (await sluice().upload('waits.md', '# Waits\n\nNobody works here.')).body.document
    await sluice().sql(`UPDATE sluice.jobs SET updated_at = now() - interval '5 minutes'`)
    const start = Date.now() + 3_600_000
    const lookAt = (seconds: number) => look(new Date(start + seconds * 1_000), 0)
    const open = () => alertsNow('?open=true')
    await lookAt(0)
    await lookAt(60)
    assert.deepEqual(await open(), [])
    await lookAt(120)
    await lookAt(130)
    const [alert, ...others] = await open()
    assert.equal(others.length, 0)
    assert.equal(alert?.kind, 'queue_age')
    assert.equal(alert.subject, 'parse')
    assert.ok(Number(alert.details.value) > 300, JSON.stringify(alert.details))
    await admin('POST', `/v1/jobs/${job.jobId}/cancel`)
    await lookAt(200)
    assert.equal((await open()).length, 1)
    await lookAt(260)
    assert.deepEqual(await open(), [])
    const [over] = (await alertsNow()).filter(({ alertId }) => alertId === alert.alertId)
    assert.equal(over?.recoveredAt, new Date(start + 260_000).toISOString())
    const { body: after } = await admin<{ rules: RuleView[] }>('DELETE', '/v1/alert-rules/queue_age')
    assert.equal(after.rules.find(one => one.ruleId === 'queue_age')?.isDefault, true)
    const { events } = (await admin<{ events: { action: string }[] }>('GET', '/v1/audit')).body
    assert.equal(events.filter(({ action }) => action === 'set alert rule').length, 2)
  })

  test('a webhook is signed as Standard Webhooks says, told again with the same id after a failure, and once after success', async () => {
    const { receiverId, secret } = await add('webhook', `${receiver().url}/signed`)
    assert.ok(secret && /^whsec_[A-Za-z0-9+/]{43}=$/.test(secret))
    receiver().status = 503
    await raise('signed-1')
    await reaches(receiverId, one => one.lastStatus === 503)
    receiver().status = 204
    const [failed] = await deliveries(receiverId)
    assert.equal(failed?.lastFailure, 'answered with 503')
    await reaches(receiverId, one => one.state === 'delivered')
    const [first, second, ...others] = lettersTo('/signed')
    assert.ok(first && second && others.length === 0)
    assert.equal(first.headers['webhook-id'], second.headers['webhook-id'])
    const webhook = new Webhook(secret)
    const read = webhook.verify(second.body, second.headers) as {
      type: string
      data: Alert & { summary: string }
    }
    assert.equal(read.type, 'alert.raised')
    assert.equal(read.data.subject, 'signed-1')
    assert.equal(read.data.summary, 'llamaparse did not finish job signed-1 in time, so it was given up')
    assert.throws(() => webhook.verify(second.body.replace('signed-1', 'forged-1'), second.headers))
    await forget(receiverId)
  })

  test('a new secret signs beside the old one', async () => {
    const { receiverId, secret } = await add('webhook', `${receiver().url}/rotated`)
    const { body } = await admin<CreatedReceiver>('POST', `/v1/alert-receivers/${receiverId}/secret`)
    assert.notEqual(body.secret, secret)
    const { body: sent } = await admin<SendResult>('POST', `/v1/alert-receivers/${receiverId}/test`)
    assert.deepEqual([sent.ok, sent.status], [true, 204])
    const [letter] = lettersTo('/rotated')
    assert.ok(letter)
    for (const one of [secret, body.secret]) new Webhook(one ?? '').verify(letter.body, letter.headers)
    await forget(receiverId)
  })

  test('what is given up waits to be replayed; who is gone is told no more', async () => {
    const { receiverId } = await add('webhook', `${receiver().url}/dead`)
    receiver().status = 500
    await raise('dead-1')
    // Nobody waits for a day: what is not under way is due at once.
    const hurry = `UPDATE sluice.alert_deliveries SET next_at = now() WHERE receiver_id = $1 AND claimed_until IS NULL AND state = 'pending'`
    await until('it is given up', async () => {
      await sluice().sql(hurry, [receiverId])
      return (await deliveries(receiverId))[0]?.state === 'dead'
    })
    assert.equal((await deliveries(receiverId))[0]?.attempts, 9)
    const { receivers } = (await admin<{ receivers: Receiver[] }>('GET', '/v1/alert-receivers')).body
    assert.equal(receivers.find(one => one.receiverId === receiverId)?.dead, 1)
    receiver().status = 204
    const { body } = await admin<{ replayed: number }>('POST', `/v1/alert-receivers/${receiverId}/replay`)
    assert.equal(body.replayed, 1)
    await reaches(receiverId, one => one.state === 'delivered')

    receiver().status = 410
    await raise('gone-1')
    await reaches(receiverId, one => one.state === 'dead')
    const after = (await admin<{ receivers: Receiver[] }>('GET', '/v1/alert-receivers')).body.receivers
    const gone = after.find(one => one.receiverId === receiverId)
    assert.deepEqual([gone?.isOn, gone?.offReason], [false, 'It answered with 410: it is gone.'])
    receiver().status = 204
    await forget(receiverId)
  })

  test('what a process that died was about to tell, another one tells', async () => {
    const { receiverId } = await add('webhook', `${receiver().url}/orphan`)
    await sluice().database.transaction(async ({ client }) => {
      await client.query(
        `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('default', 'call_stuck', 'orphan-1', '{}')`,
      )
      await client.query(
        `UPDATE sluice.alert_deliveries SET claimed_until = now() + interval '2 seconds' WHERE receiver_id = $1`,
        [receiverId],
      )
    })
    await reaches(receiverId, one => one.state === 'delivered')
    assert.equal(lettersTo('/orphan').length, 1)
    await forget(receiverId)
  })

  test('people are told many alerts at once in one message: Slack', async () => {
    const { receiverId, secret } = await add('slack', `${receiver().url}/slack`, { alertKinds: ['call_stuck'] })
    assert.equal(secret, null)
    const renewed = await admin<{ code: string }>('POST', `/v1/alert-receivers/${receiverId}/secret`)
    assert.deepEqual([renewed.status, renewed.body.code], [409, 'receiver_has_no_secret'])
    await sluice().sql(
      `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) SELECT 'default', 'call_stuck', 'many-' || i,
        jsonb_build_object('provider', '<b>&', 'remoteId', 'many-' || i) FROM generate_series(1, 20) i`,
    )
    await until('all are told', async () => (await deliveries(receiverId)).every(one => one.state === 'delivered'))
    const [letter, ...others] = lettersTo('/slack')
    assert.ok(letter && others.length === 0)
    const { text } = JSON.parse(letter.body) as { text: string }
    assert.equal(text.match(/:warning:/g)?.length, 20)
    assert.match(text, /:warning: default: &lt;b&gt;&amp; did not finish job many-7 in time/)
    const { receivers } = (await admin<{ receivers: Receiver[] }>('GET', '/v1/alert-receivers')).body
    assert.match(receivers.find(one => one.receiverId === receiverId)?.address ?? '', /^https:\/\/127\.0\.0\.1:\d+\/…$/)
    await forget(receiverId)
  })

  test('and mail, over SMTP with user and password', async () => {
    const { receiverId } = await add('email', 'ops@example.com')
    await raise('mail-1')
    await reaches(receiverId, one => one.state === 'delivered')
    const mail = mailServer.mails.at(-1)
    assert.deepEqual([mail?.from, mail?.to], ['alerts@example.com', ['ops@example.com']])
    assert.match(mail?.content ?? '', /Subject: Sluice: default: llamaparse did not finish job mail-1 in\s+time/)
    assert.match(mail?.content ?? '', /Look at the provider's status page/)
    const wrong = await admin<{ code: string }>('POST', '/v1/alert-receivers', {
      kind: 'email',
      name: 'x',
      address: 'a@b, c@d',
    })
    assert.deepEqual([wrong.status, wrong.body.code], [422, 'receiver_address_invalid'])
    await forget(receiverId)
  })

  test('a receiver of a tenant is told the alerts of this tenant alone; keys of members say nothing about receivers', async () => {
    const { receiverId } = await add('webhook', `${receiver().url}/acme`, { tenantId: 'acme' })
    await raise('of-default')
    await raise('of-acme', 'acme')
    await reaches(receiverId, one => one.state === 'delivered')
    assert.deepEqual(
      (await deliveries(receiverId)).map(one => one.subject),
      ['of-acme'],
    )
    const member = await sluice().clientOf('acme')
    for (const [method, path, body] of [
      ['GET', '/v1/alert-receivers'],
      ['POST', '/v1/alert-receivers', { kind: 'webhook', name: 'x', address: 'https://example.com' }],
      ['POST', `/v1/alert-receivers/${receiverId}/test`],
      ['GET', '/v1/alert-deliveries'],
      ['PUT', '/v1/alert-rules/queue_age', { isOn: false }],
    ] as const) {
      assert.equal((await member.request(method, path, body)).status, 403, `${method} ${path}`)
    }
    const seen = (await member.request<{ alerts: Alert[] }>('GET', '/v1/alerts')).body.alerts
    assert.deepEqual(
      seen.filter(one => one.tenantId !== '*').map(one => one.subject),
      ['of-acme'],
    )
    const named = await alertsNow('?tenant=acme')
    assert.deepEqual(
      named.filter(one => one.tenantId !== '*').map(one => one.subject),
      ['of-acme'],
    )
    assert.equal((await member.request('GET', '/v1/alerts?tenant=default')).status, 403)
    await forget(receiverId)
  })
})

onBothDatabases('alerts of a server that keeps to the internet', createPlace => {
  const receiver = useReceiver()
  const sluice = useSluice(createPlace)

  test('an address on this machine, in a private network or without encryption is refused, and mail without a server', async () => {
    const add = (kind: string, address: string) =>
      sluice().request<{ code: string }>('POST', '/v1/alert-receivers', { kind, address, name: 'x' })
    for (const address of [
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://10.1.2.3/',
      'https://metadata/',
      'http://example.com/',
      'ftp://example.com',
      'https://u:p@example.com',
    ]) {
      const { status, body } = await add('webhook', address)
      assert.deepEqual([status, body.code], [422, 'receiver_address_invalid'], address)
    }
    const { status, body } = await add('email', 'ops@example.com')
    assert.deepEqual([status, body.code], [422, 'mail_off'])
  })

  test('what became private after it was taken is not sent to either', async () => {
    const { body } = await sluice().request<CreatedReceiver>('POST', '/v1/alert-receivers', {
      kind: 'webhook',
      address: 'https://alerts.example.org/',
      name: 'x',
    })
    await sluice().sql(`UPDATE sluice.alert_receivers SET address = $1`, [receiver().url])
    const sent = await sluice().request<SendResult>('POST', `/v1/alert-receivers/${body.receiverId}/test`)
    assert.equal(sent.body.ok, false)
    assert.match(
      sent.body.failure ?? '',
      /127\.0\.0\.1 is not an address in the internet; SLUICE_ALERT_PRIVATE_ADDRESSES=on allows it/,
    )
  })
})

function pick(rules: readonly RuleView[], ruleId: string): object {
  const { isOn, threshold, forSeconds, recoverSeconds, cooldownSeconds } = rules.find(
    one => one.ruleId === ruleId,
  ) as RuleView
  return { isOn, threshold, forSeconds, recoverSeconds, cooldownSeconds }
}
