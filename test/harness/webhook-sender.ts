import { randomUUID } from 'node:crypto'
import { signBody } from '../../src/webhooks/signature.ts'
import type { SluiceUnderTest } from './sluice-under-test.ts'

export const newSecret = 'whsec-new-5f0c2a'
export const oldSecret = 'whsec-old-77e1b3'

export interface Event {
  event_id: string
  event_type: string
  timestamp: number
  data: { id: string; job_id: string }
}

/** An event as LlamaCloud sends it, of a job that nobody knows unless `jobId` says otherwise. */
export function eventOf(jobId = `pjb-${randomUUID()}`, type = 'parse.success', more: Partial<Event> = {}): Event {
  return {
    event_id: randomUUID(),
    event_type: type,
    timestamp: 1753985275.115,
    data: { id: jobId, job_id: jobId },
    ...more,
  }
}

export interface Reply {
  status: number
  body: string
}

/** Sends a body, signed with the new secret unless `headers` say otherwise. The correlation id is always the same, for comparing answers. */
export async function deliver(
  url: string,
  event: Event | string | Buffer,
  headers?: Record<string, string>,
): Promise<Reply> {
  const body = Buffer.isBuffer(event) ? event : Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))
  const response = await fetch(`${url}/v1/webhooks/llamaparse`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-correlation-id': 'delivery',
      ...(headers ?? { 'lc-signature': signBody(body, newSecret) }),
    },
  })
  return { status: response.status, body: await response.text() }
}

/** A call whose provider is at work on it; returns the provider's id of it. */
export async function startRemoteCall({ sql }: SluiceUnderTest): Promise<string> {
  const [callId, remoteId] = [randomUUID(), `pjb-${randomUUID()}`]
  await sql(
    `INSERT INTO sluice.holds (tenant_id, call_id, owner, state, service, provider, model, mode, simulated, reasons, purpose, units,
       cost_nano_usd, shadow_nano_usd)
     VALUES ('default', $1, $1, 'dispatched', 'parse', 'llamaparse', 'fast', 'real', false, '{}', 'ingest', 1, 0, 0)`,
    [callId],
  )
  await sql(
    `INSERT INTO sluice.remote_calls (tenant_id, call_id, provider, remote_id, phase, deadline_at, look_at)
     VALUES ('default', $1, 'llamaparse', $2, 'running', now() + interval '1 day', now() + interval '1 day')`,
    [callId, remoteId],
  )
  return remoteId
}

/** Whether somebody said that the provider is done with it; undefined when there is no such call. */
export async function isHinted({ sql }: SluiceUnderTest, remoteId: string): Promise<boolean | undefined> {
  const rows = await sql<{ ended: boolean }>(
    'SELECT ended_at IS NOT NULL AS ended FROM sluice.remote_calls WHERE remote_id = $1',
    [remoteId],
  )
  return rows[0]?.ended
}

/** What a delivery can change: all events, and which calls have ended when. */
export async function webhookState({ sql }: SluiceUnderTest): Promise<string> {
  const events = await sql('SELECT event_id, event_type, remote_id FROM sluice.webhook_events ORDER BY event_id')
  const calls = await sql('SELECT remote_id, phase, ended_at FROM sluice.remote_calls ORDER BY remote_id')
  return JSON.stringify([events, calls])
}

/** How many deliveries were refused until now, by reason, as the audit has it. */
export async function refusedCounts({ server, sql }: SluiceUnderTest): Promise<Record<string, number>> {
  await server.sluice.api.webhooks.refusals.flush()
  const rows = await sql<{ reason: string; count: number }>(
    `SELECT details->>'reason' AS reason, sum(count)::int AS count FROM sluice.audit_entries GROUP BY 1 ORDER BY 1`,
  )
  return Object.fromEntries(rows.map(row => [row.reason, row.count]))
}

/** What was refused while `act` ran. */
export async function refusedDuring(
  sluice: SluiceUnderTest,
  act: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const before = await refusedCounts(sluice)
  await act()
  const changes = Object.entries(await refusedCounts(sluice)).map(
    ([reason, n]) => [reason, n - (before[reason] ?? 0)] as const,
  )
  return Object.fromEntries(changes.filter(([, n]) => n !== 0))
}
