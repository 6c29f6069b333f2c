import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { before, test } from 'node:test'
import type { Alert } from '../src/contract/alert.ts'
import { type RuleId, ruleIds } from '../src/contract/alert-kind.ts'
import { alertWords } from '../src/contract/alert-words.ts'
import { bookAdjustments } from '../src/ledger/reconcile.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('what each rule looks at', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WEBHOOK_SECRETS: 'a-secret' })
  let now = Date.now() + 3_600_000
  /** Lets the rules look anew, later than what they remember. */
  const look = async () => {
    now += 600_000
    await sluice().server.sluice.api.alerts.look(new Date(now), 0)
  }
  const openOf = async (ruleId: RuleId) => {
    const { alerts } = (await sluice().request<{ alerts: Alert[] }>('GET', '/v1/alerts?open=true')).body
    return alerts.filter(({ kind }) => kind === ruleId)
  }
  const set = (ruleId: RuleId, change: object) => sluice().request('PUT', `/v1/alert-rules/${ruleId}`, change)
  before(async () => {
    for (const ruleId of ruleIds) await set(ruleId, { forSeconds: 0, recoverSeconds: 0, cooldownSeconds: 0 })
    await set('disk_full', { threshold: 100 })
  })

  test('nothing is raised while all is well', async () => {
    await sluice().ingest('well.md', '# Well\n\nAll is well here.')
    await look()
    for (const ruleId of ruleIds) assert.deepEqual(await openOf(ruleId), [], ruleId)
  })

  test('error_rate: failed documents of a tenant', async () => {
    const acme = await sluice().clientOf('acme')
    for (let i = 0; i < 5; i++) await acme.ingest(`broken-${i}.pdf`, `%PDF-1.7\nnumber ${i} ends early`)
    await look()
    const [alert, ...others] = await openOf('error_rate')
    assert.equal(others.length, 0)
    assert.deepEqual([alert?.tenantId, alert?.details.failed, alert?.details.ended], ['acme', 5, 5])
    assert.match(say(alert), /^100 % of the jobs of the last 15 minutes failed, 5 of 5$/)
  })

  test('breaker_open: a provider to which nothing is sent, and its end', async () => {
    await sluice().sql(
      `INSERT INTO sluice.provider_health (provider, state, reason) VALUES ('llamaparse', 'open', 'answered with 503')
       ON CONFLICT (provider) DO UPDATE SET state = excluded.state, reason = excluded.reason`,
    )
    await look()
    assert.equal(say((await openOf('breaker_open'))[0]), 'nothing is sent to llamaparse: it fails (answered with 503)')
    await sluice().sql(`UPDATE sluice.provider_health SET state = 'closed'`)
    await look()
    assert.deepEqual(await openOf('breaker_open'), [])
  })

  test('disk_full: the disk of a host, and a rule that is switched off ends what lasts', async () => {
    await until(
      'the process has told how it is',
      async () => (await sluice().sql(`SELECT FROM sluice.workers WHERE disk_size_bytes > 0`)).length > 0,
    )
    await set('disk_full', { threshold: 0 })
    await look()
    const [alert] = await openOf('disk_full')
    assert.equal(alert?.subject, hostname())
    assert.match(say(alert), / full: [\d.]+ GiB are free$/)
    await set('disk_full', { isOn: false })
    await look()
    assert.deepEqual(await openOf('disk_full'), [])
  })

  test('forecast_above_cap: a budget that will not do', async () => {
    const budget = { money: 'shadow', capNanoUsd: '1000', period: 'day', timeZone: 'UTC', alertPercents: [] }
    await sluice().request('PUT', '/v1/budgets/*/tight', budget)
    await look()
    const [alert] = await openOf('forecast_above_cap')
    assert.equal(alert?.subject, 'tight')
    assert.match(say(alert), /^budget tight \(by simulated costs\) will have spent about \$\S+ of \$0\.000001 by /)
    await sluice().request('DELETE', '/v1/budgets/*/tight')
    await look()
    assert.deepEqual(await openOf('forecast_above_cap'), [])
  })

  test('webhook_silence: LlamaParse works for us and tells nothing', async () => {
    await sluice().database.transaction(async ({ client }) => {
      // A job at the provider without the rest that it would have.
      await client.query(`SET LOCAL session_replication_role = replica`)
      await client.query(`INSERT INTO sluice.remote_calls (tenant_id, call_id, provider, remote_id, phase, submitted_at, deadline_at, look_at)
        VALUES ('default', gen_random_uuid(), 'llamaparse', 'job-1', 'running', now() - interval '2 hours', now() + interval '1 hour',
        now() + interval '1 hour')`)
    })
    await look()
    assert.equal(say((await openOf('webhook_silence'))[0]), 'llamaparse works for us and has sent no webhook for 2.0 h')
    await sluice().sql(
      `INSERT INTO sluice.webhook_events (provider, event_id, event_type, remote_id) VALUES ('llamaparse', 'e1', 'parse.success', 'job-1')`,
    )
    await look()
    assert.deepEqual(await openOf('webhook_silence'), [])
  })

  test('cost_drift: reports that differ from the books', async () => {
    const adjustment = { key: 'k', sequence: 1, provider: 'openai', operation: 'embed', model: null } as const
    const day = new Date().toISOString().slice(0, 10)
    const one = { ...adjustment, day, amountNanoUsd: -30_000_000n }
    await bookAdjustments(sluice().database, [one], () => crypto.randomUUID())
    await look()
    assert.equal(
      say((await openOf('cost_drift'))[0]),
      'the reports of openai differ from the books of seven days by $0.03, 100 %',
    )
  })
})

const say = (alert: Alert | undefined) => (alert ? alertWords(alert) : 'no alert')
