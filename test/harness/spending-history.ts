import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { CostKey } from '../../src/contract/costs.ts'
import type { Tables } from '../../src/contract/tables.ts'
import type { CostScope } from '../../src/ledger/cost-scope.sql.ts'
import type { Database } from '../../src/platform/database.ts'

/** A call of the books and what became of it. */
export interface BookedCall {
  tenant: string
  at: Date
  service: 'parse' | 'embed'
  purpose: string
  provider: string
  simulated: boolean
  ofDocument: boolean
  apiKeyId: string | null
  shares: { document: number; tags: string[]; cost: bigint }[]
  fate: 'held' | 'unknown' | 'void' | 'settled' | 'overrun' | 'avoided' | 'adjusted' | 'takenBack'
}

export const apiKeyId = randomUUID()
/** A document is of one tenant: the first four are acme's, the others globex's. */
export const documents = Array.from({ length: 8 }, () => randomUUID())
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Chatham',
]
const amounts = fc.oneof(fc.bigInt(0n, 30n), fc.bigInt(0n, 2n ** 59n))
// Around the days on which clocks change, on hours, quarters and next to them.
const moments = fc
  .tuple(
    fc.constantFrom('2026-03-28', '2026-04-04', '2026-10-24', '2026-11-01'),
    fc.integer({ min: 0, max: 4 * 72 }),
    fc.constantFrom(-1, 0, 1, 431_000),
  )
  .map(([day, quarters, ms]) => new Date(Date.parse(`${day}T00:00:00Z`) + quarters * 900_000 + ms))

export const bookedCalls: fc.Arbitrary<BookedCall> = fc.record({
  tenant: fc.constantFrom('acme', 'globex'),
  at: moments,
  service: fc.constantFrom('parse', 'embed'),
  purpose: fc.constantFrom('ingest', 'gateway'),
  provider: fc.constantFrom('openai', 'llamaparse'),
  simulated: fc.boolean(),
  ofDocument: fc.boolean(),
  apiKeyId: fc.constantFrom(null, apiKeyId),
  shares: fc.array(
    fc.record({
      document: fc.nat(3),
      tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
      cost: amounts,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  fate: fc.constantFrom('held', 'unknown', 'void', 'settled', 'overrun', 'avoided', 'adjusted', 'takenBack'),
})

const keys = ['day', 'service', 'purpose', 'provider', 'model', 'document', 'tag', 'tenant'] as const
export const questions: fc.Arbitrary<{ scope: CostScope; by: CostKey[]; limit: number }> = fc.record({
  scope: fc.record({
    tenantId: fc.constantFrom(null, 'acme', 'globex'),
    documentId: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(...documents) },
    ),
    timeZone: fc.constantFrom(...zones),
    from: fc.oneof(
      moments,
      fc.constant(new Date('2026-01-01T00:00:00Z')),
      fc.constant(new Date('2020-01-01T00:00:00Z')),
    ),
    to: fc.oneof(moments, fc.constant(new Date('2027-01-01T00:00:00Z'))),
  }),
  by: fc.oneof(
    fc.constantFrom<CostKey[][]>(['day'], ['day', 'service'], ['document'], ['tag'], ['service', 'provider', 'model']),
    fc.shuffledSubarray([...keys], { minLength: 1 }),
  ),
  limit: fc.constantFrom(1, 3, 1_000),
})

/** Books a call in the statements in which the ledger's functions do it. */
export async function bookCall({ kysely }: Database<Tables>, call: BookedCall): Promise<void> {
  const callId = randomUUID()
  const append = async (
    kind: string,
    amountsOf: (cost: bigint) => Partial<Record<'units' | 'cost' | 'held' | 'avoided', bigint>>,
  ) => {
    const rows = call.shares.map(({ document, tags, cost }, i) => {
      const { units = 0n, cost: paid = 0n, held = 0n, avoided = 0n } = amountsOf(cost)
      const key = kind === 'adjustment' ? { adjustment_key: callId, adjustment_sequence: i } : {}
      const money = {
        cost: `${paid}`,
        shadow: `${paid * 2n}`,
        held: `${held}`,
        avoided: `${avoided}`,
        units: `${units}`,
      }
      return {
        ...key,
        ...money,
        tags,
        document_id: call.ofDocument ? documents[document + (call.tenant === 'acme' ? 0 : 4)] : null,
      }
    })
    await sql`
      INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
        document_id, api_key_id, tags, units, cost_nano_usd, shadow_nano_usd, held_nano_usd, avoided_nano_usd, avoided_shadow_nano_usd, booked_at,
        adjustment_key, adjustment_sequence)
      SELECT ${call.tenant}, gen_random_uuid(), ${callId}::uuid, ${kind}, ${call.service}, ${call.provider}, 'm', 'real', ${call.simulated}, '{}',
        ${call.purpose}, r.document_id, ${call.apiKeyId}::uuid, r.tags, r.units, r.cost, r.shadow, r.held, r.avoided, r.avoided, ${call.at}::timestamptz,
        r.adjustment_key, r.adjustment_sequence
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(document_id uuid, tags text[], units bigint, cost bigint, shadow bigint,
        held bigint, avoided bigint, adjustment_key text, adjustment_sequence int)`.execute(kysely)
  }
  const { fate } = call
  if (fate === 'avoided') return await append('avoided', cost => ({ avoided: cost }))
  if (fate === 'adjusted') return await append('adjustment', cost => ({ cost: 7n - cost }))
  await append('hold', cost => ({ held: cost }))
  if (fate === 'unknown') await insertDoubt({ kysely }, callId, call)
  if (fate === 'takenBack') await sql`DELETE FROM sluice.ledger_entries WHERE call_id = ${callId}::uuid`.execute(kysely)
  if (fate === 'void' || fate === 'settled' || fate === 'overrun') await append('release', cost => ({ held: -cost }))
  if (fate === 'settled' || fate === 'overrun') await append('settlement', cost => ({ cost, units: cost % 100n }))
  if (fate === 'overrun') await append('overrun', () => ({ cost: 3n }))
}

async function insertDoubt(
  { kysely }: Pick<Database<Tables>, 'kysely'>,
  callId: string,
  call: BookedCall,
): Promise<void> {
  await sql`
    INSERT INTO sluice.holds (tenant_id, call_id, state, service, provider, model, mode, simulated, reasons, purpose, units, cost_nano_usd,
      shadow_nano_usd, held_at, dispatched_at)
    VALUES (${call.tenant}, ${callId}::uuid, 'unknown', ${call.service}, ${call.provider}, 'm', 'real', ${call.simulated}, '{}',
      ${call.purpose}, 1, 1, 1, ${call.at}::timestamptz, ${call.at}::timestamptz)`.execute(kysely)
}
