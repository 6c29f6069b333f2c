import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutations } from '../src/webhooks/__fixtures__/mutations.ts'
import { pruneWebhookEvents } from '../src/webhooks/events.sql.ts'
import { createInbox } from '../src/webhooks/inbox.ts'
import { pruneRefusals } from '../src/webhooks/refusals.sql.ts'
import { signBody } from '../src/webhooks/signature.ts'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'
import {
  deliver,
  type Event,
  eventOf,
  isHinted,
  newSecret,
  oldSecret,
  refusedCounts,
  refusedDuring,
  startRemoteCall,
  webhookState,
} from './harness/webhook-sender.ts'

const accepted = { status: 202, body: '{}' }
const signed = (body: string, secret: string) => ({ 'lc-signature': signBody(Buffer.from(body), secret) })

onBothDatabases('webhooks', createPlace => {
  const sluice = useSluice(createPlace, {
    SLUICE_WORKERS: 'off',
    SLUICE_WEBHOOK_SECRETS: `${newSecret}, ${oldSecret}`,
  })
  const send = (event: Event | string | Buffer, headers?: Record<string, string>) =>
    deliver(sluice().server.url, event, headers)
  const eventsOf = async (remoteId: string) =>
    (
      await sluice().sql<{ type: string }>(
        'SELECT event_type AS type FROM sluice.webhook_events WHERE remote_id = $1 ORDER BY received_at, event_type',
        [remoteId],
      )
    ).map(row => row.type)
  /** Fails if the deliveries that `act` makes change anything but the audit; gives what the audit says. */
  const refused = async (act: () => Promise<unknown>) => {
    const before = await webhookState(sluice())
    const counts = await refusedDuring(sluice(), act)
    assert.equal(await webhookState(sluice()), before, 'a refused delivery changed something')
    return counts
  }

  test('I31: unsigned, badly signed, with a wrong secret, with the signature of another body: 401, nothing changes', async () => {
    const remoteId = await startRemoteCall(sluice())
    const body = JSON.stringify(eventOf(remoteId))
    const good = signBody(Buffer.from(body), newSecret)
    const unsigned = [{}, { 'x-signature': good }, { authorization: `Bearer ${newSecret}` }]
    const bad = [
      signed(body, 'wrong'),
      signed(`${body} `, newSecret),
      { 'lc-signature': good.slice(7) },
      { 'lc-signature': '' },
    ]
    const answers = new Set<string>()
    const counts = await refused(async () => {
      for (const headers of [...unsigned, ...bad]) {
        const answer = await send(body, headers as Record<string, string>)
        assert.equal(answer.status, 401)
        answers.add(answer.body)
      }
    })
    assert.equal(answers.size, 1, 'the answer tells the causes apart')
    assert.equal(JSON.parse([...answers][0] ?? '').code, 'webhook_signature_invalid')
    assert.deepEqual(counts, { unsigned: 3, badly_signed: 4 })
    assert.equal(await isHinted(sluice(), remoteId), false)
  })

  test('I31: what the body is called does not matter, the signature does', async () => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', '???', 'application/json; charset=latin1']) {
      const body = JSON.stringify(eventOf())
      assert.equal((await send(body, { 'content-type': type })).status, 401, type)
      assert.deepEqual(await send(body, { ...signed(body, newSecret), 'content-type': type }), accepted, type)
    }
  })

  test('I31: oversized is 413, also well signed; malformed is 400; neither changes anything', async () => {
    const large = JSON.stringify({ ...eventOf(), more: 'x'.repeat(17_000) })
    const counts = await refused(async () => {
      assert.deepEqual(codeOf(await send(large)), [413, 'webhook_too_large'])
      for (const body of ['', '{}', 'null', '{"event_id":', '"x"', JSON.stringify([eventOf()])]) {
        assert.deepEqual(codeOf(await send(body)), [400, 'webhook_malformed'], body)
      }
    })
    assert.deepEqual(counts, { too_large: 1, malformed: 6 })
  })

  test('I9: an event of an unknown job is stored and answered like that of a known one', async () => {
    const remoteId = await startRemoteCall(sluice())
    const [known, foreign] = [eventOf(remoteId), eventOf('pjb-foreign')]
    const counts = await refusedDuring(sluice(), async () => {
      assert.deepEqual([await send(known), await send(foreign)], [accepted, accepted])
    })
    assert.deepEqual(counts, {})
    assert.deepEqual([await eventsOf(remoteId), await eventsOf('pjb-foreign')], [['parse.success'], ['parse.success']])
    assert.deepEqual([await isHinted(sluice(), remoteId), await isHinted(sluice(), 'pjb-foreign')], [true, undefined])
  })

  test('I27: duplicated and replayed deliveries are stored once and tell nothing again', async () => {
    const remoteId = await startRemoteCall(sluice())
    const event = eventOf(remoteId)
    assert.deepEqual(await send(event), accepted)
    await sluice().sql('UPDATE sluice.remote_calls SET ended_at = NULL WHERE remote_id = $1', [remoteId])
    assert.deepEqual([await send(event), await send(event)], [accepted, accepted])
    assert.deepEqual(await send({ ...event, event_type: 'parse.error' }), accepted)
    assert.deepEqual([await eventsOf(remoteId), await isHinted(sluice(), remoteId)], [['parse.success'], false])
  })

  test('I27: out of order, a job that has ended stays so; events of its course end nothing', async () => {
    const [first, second] = [await startRemoteCall(sluice()), await startRemoteCall(sluice())]
    for (const type of ['success', 'running', 'pending']) await send(eventOf(first, `parse.${type}`))
    for (const type of ['pending', 'running', 'unheard_of']) await send(eventOf(second, `parse.${type}`))
    assert.deepEqual([await isHinted(sluice(), first), await isHinted(sluice(), second)], [true, false])
    assert.equal((await eventsOf(first)).length, 3)
    for (const type of ['error', 'partial_success', 'cancelled']) {
      const remoteId = await startRemoteCall(sluice())
      await send(eventOf(remoteId, `parse.${type}`))
      assert.equal(await isHinted(sluice(), remoteId), true, type)
    }
  })

  test('I9: late, when the call is long over: taken, and nothing comes back to life', async () => {
    const remoteId = await startRemoteCall(sluice())
    await sluice().sql(`UPDATE sluice.remote_calls SET phase = 'billing' WHERE remote_id = $1`, [remoteId])
    const over = `pjb-over-${remoteId}`
    assert.deepEqual(await send(eventOf(remoteId)), accepted)
    assert.deepEqual(await send(eventOf(over, 'parse.error', { timestamp: 1_000 })), accepted)
    assert.deepEqual([await isHinted(sluice(), remoteId), await isHinted(sluice(), over)], [false, undefined])
  })

  test('a body that is a string of JSON, the default format, counts the same', async () => {
    const remoteId = await startRemoteCall(sluice())
    const event = eventOf(remoteId)
    assert.deepEqual(await send(JSON.stringify(JSON.stringify(event))), accepted)
    assert.deepEqual(await send(event), accepted)
    assert.deepEqual([await eventsOf(remoteId), await isHinted(sluice(), remoteId)], [['parse.success'], true])
  })

  test('I31: while a secret is changed, both the old and the new one are accepted', async () => {
    for (const secret of [oldSecret, newSecret]) {
      const remoteId = await startRemoteCall(sluice())
      const body = JSON.stringify(eventOf(remoteId))
      assert.deepEqual(await send(body, signed(body, secret)), accepted)
      assert.equal(await isHinted(sluice(), remoteId), true)
    }
  })

  test('I9: a delivery that could not be stored is not acknowledged, and comes again', async () => {
    const remoteId = await startRemoteCall(sluice())
    const event = eventOf(remoteId)
    await sluice().sql('ALTER TABLE sluice.remote_calls RENAME TO hidden')
    const failed = await send(event)
    await sluice().sql('ALTER TABLE sluice.hidden RENAME TO remote_calls')
    assert.equal(failed.status, 500)
    assert.deepEqual([await eventsOf(remoteId), await isHinted(sluice(), remoteId)], [[], false])
    assert.deepEqual(await send(event), accepted)
    assert.deepEqual([await eventsOf(remoteId), await isHinted(sluice(), remoteId)], [['parse.success'], true])
  })

  test('I31: of 400 deliveries with one byte changed, sent over HTTP, none is accepted', async () => {
    const remoteId = await startRemoteCall(sluice())
    const body = Buffer.from(JSON.stringify(eventOf(remoteId)))
    // Control characters cannot be sent in a header, and blanks around it are not a part of it.
    const all = [...mutations(body, signBody(body, newSecret), 600)]
      .filter(m => /^[!-~]+$/.test(m.header))
      .slice(0, 400)
    assert.equal(all.length, 400)
    const statuses = new Set<number>()
    const counts = await refused(async () => {
      for (const { rawBody, header } of all) statuses.add((await send(rawBody, { 'lc-signature': header })).status)
    })
    assert.deepEqual([[...statuses], counts], [[401], { badly_signed: 400 }])
  })

  test('I27: 1,000 copies of one delivery at once make one event and one hint', async () => {
    await sluice().sql('CREATE TABLE hints (remote_id text)')
    await sluice().sql(
      `CREATE FUNCTION note_hint() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO hints VALUES (NEW.remote_id); RETURN NEW; END $$`,
    )
    await sluice().sql(
      'CREATE TRIGGER note_hint AFTER UPDATE ON sluice.remote_calls FOR EACH ROW EXECUTE FUNCTION note_hint()',
    )
    const remoteId = await startRemoteCall(sluice())
    const event = eventOf(remoteId)
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => send(event)))
    assert.deepEqual([...new Set(answers.map(answer => JSON.stringify(answer)))], [JSON.stringify(accepted)])
    const hints = await sluice().sql('SELECT remote_id FROM hints')
    await sluice().sql('DROP TRIGGER note_hint ON sluice.remote_calls')
    assert.deepEqual([await eventsOf(remoteId), hints], [['parse.success'], [{ remote_id: remoteId }]])
  })

  test('a flood of refused deliveries is counted, in a row for each reason and minute', async () => {
    const rows = async () =>
      (await sluice().sql<{ n: number }>('SELECT count(*)::int AS n FROM sluice.audit_entries'))[0]?.n ?? 0
    const before = await rows()
    const counts = await refused(() => Promise.all(Array.from({ length: 1_000 }, () => send(eventOf(), {}))))
    assert.deepEqual(counts, { unsigned: 1_000 })
    const after = await rows()
    assert.ok(after - before <= 2, `${after - before} more rows`)
    type Refused = { reason: string; count: number; lastAddress: string }
    const { body } = await sluice().request<{ refused: Refused[] }>('GET', '/v1/webhooks')
    const shown = body.refused.find(r => r.reason === 'unsigned')
    assert.equal(shown?.count, (await refusedCounts(sluice())).unsigned)
    assert.match(shown?.lastAddress ?? '', /127\.0\.0\.1$/)
  })

  test('events are forgotten after a week, refusals after a month', async () => {
    await send(eventOf('pjb-old'))
    await send(eventOf('pjb-young'))
    await sluice().sql(
      `UPDATE sluice.webhook_events SET received_at = now() - CASE WHEN remote_id = 'pjb-old' THEN interval '7 days 1 minute'
         ELSE interval '6 days 23 hours' END WHERE remote_id IN ('pjb-old', 'pjb-young')`,
    )
    await sluice().sql(
      `INSERT INTO sluice.audit_entries (entry_id, at, actor, action, subject, outcome) VALUES
         ('old', now() - interval '31 days', 'unknown', 'webhook.receive', 'llamaparse', 'refused'),
         ('young', now() - interval '29 days', 'unknown', 'webhook.receive', 'llamaparse', 'refused'),
         ('other', now() - interval '31 days', 'admin', 'key.create', 'acme', 'done')`,
    )
    await pruneWebhookEvents(sluice().database)
    await pruneRefusals(sluice().database)
    assert.deepEqual([await eventsOf('pjb-old'), await eventsOf('pjb-young')], [[], ['parse.success']])
    const kept = await sluice().sql(
      `SELECT entry_id FROM sluice.audit_entries WHERE entry_id IN ('old', 'young', 'other')`,
    )
    await sluice().sql(`DELETE FROM sluice.audit_entries WHERE entry_id IN ('young', 'other')`)
    assert.deepEqual(kept.length, 2)
  })

  test('I26: only so many wait for their commit; the others are told to come again, those that wait are stored', async () => {
    const blocked = Promise.withResolvers<void>()
    const { database } = sluice()
    const sets: number[] = []
    const hint = async (_session: unknown, _provider: string, remoteIds: readonly string[]) => {
      sets.push(remoteIds.length)
      await blocked.promise
    }
    const inbox = createInbox({ database, provider: 'bounded', hint, limit: 3 })
    const accept = (n: number) => inbox.accept({ eventId: `e${n}`, eventType: 'parse.success', remoteId: `r${n}` })
    const taken = [accept(1), accept(2), accept(2), accept(3)]
    await assert.rejects(accept(4), { code: 'database_unavailable', status: 503, retryAfterMs: 1_000 })
    blocked.resolve()
    assert.deepEqual(await Promise.all(taken), ['new', 'new', 'known', 'new'])
    assert.deepEqual(sets, [1, 2], 'what came during a commit did not share the next one')
    const last = accept(4)
    await inbox.close()
    assert.equal(await last, 'new')
    await assert.rejects(accept(5), { code: 'shutting_down', status: 503 })
  })
})

function codeOf({ status, body }: { status: number; body: string }): [number, string] {
  return [status, JSON.parse(body).code]
}
