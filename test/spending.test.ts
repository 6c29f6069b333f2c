import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { CostRow } from '../src/contract/costs.ts'
import type { Tables } from '../src/contract/tables.ts'
import { foldSpending } from '../src/ledger/fold-spending.sql.ts'
import { historyBounds } from '../src/ledger/forecast-window.ts'
import { readLabelledSpending } from '../src/ledger/labelled-spending.sql.ts'
import { sumAllBy, sumCosts, sumCostsBy } from '../src/ledger/sum-costs.sql.ts'
import type { Database } from '../src/platform/database.ts'
import { migrate, readMigrations } from '../src/platform/migrate.sql.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { openLedgerDatabase } from './harness/ledger-database.ts'
import { emptyLedger } from './harness/ledger-state.sql.ts'
import { openPlace } from './harness/open-place.ts'
import { scanCosts } from './harness/scan-costs.sql.ts'
import { apiKeyId, bookCall, bookedCalls, questions } from './harness/spending-history.ts'

const migrations = readMigrations(fileURLToPath(new URL('../migrations', import.meta.url)))
const labels = [
  ['acme', 'a', null],
  ['*', 'b', null],
  ['*', null, apiKeyId],
  ['acme', 'a', apiKeyId],
] as const
const runs = process.env.TORTURE === '1' ? { embedded: 300, postgres: 1_000 } : { embedded: 15, postgres: 30 }

onBothDatabases('sums of the books', (createPlace, kind) => {
  let place: Place
  let database: Database<Tables>
  before(async () => {
    place = await createPlace()
    database = await openLedgerDatabase(place)
    await sql`INSERT INTO sluice.tenants (tenant_id) VALUES ('acme'), ('globex')`.execute(database.kysely)
  })
  after(async () => {
    await database.close()
    await place.remove()
  })

  test('whatever was booked, in whatever zone and by whatever key: what is told is what the entries add up to', async () => {
    const steps = fc.array(
      fc.oneof({ weight: 6, arbitrary: bookedCalls }, { weight: 1, arbitrary: fc.constant('fold' as const) }),
      {
        minLength: 1,
        maxLength: 25,
      },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.array(questions, { minLength: 8, maxLength: 8 }), async (happened, asked) => {
        await emptyLedger(database)
        for (const step of happened) await (step === 'fold' ? foldSpending(database) : bookCall(database, step))
        for (const question of asked) await checkAnswer(question)
        for (const { scope } of asked.slice(0, 2)) await checkLabels(scope.timeZone)
      }),
      { numRuns: runs[kind] },
    )
  })

  /** What forecasts of budgets with a tag or an API key learn from. */
  async function checkLabels(timeZone: string): Promise<void> {
    const bounds = historyBounds(timeZone, new Date('2026-11-06T12:00:00Z'))
    for (const [tenantId, tag, key] of labels) {
      const budget = { tenantId, tag, apiKeyId: key }
      const lines = await readLabelledSpending(database, budget, bounds)
      const found = Map.groupBy(lines, line => line.day)
      const { rows: expected } = await sql<{ day: number; cost: bigint }>`
        SELECT width_bucket(booked_at, ${bounds.dayStarts.map(at => at.toISOString())}::timestamptz[]) - 1 AS day,
          sum(cost_nano_usd)::bigint AS cost
        FROM sluice.ledger_entries
        WHERE (${tenantId} = '*' OR tenant_id = ${tenantId}) AND (${tag}::text IS NULL OR ${tag} = ANY (tags))
          AND (${key}::uuid IS NULL OR api_key_id = ${key}::uuid)
          AND booked_at >= ${bounds.dayStarts[0]}::timestamptz AND booked_at < ${bounds.endOfToday}::timestamptz
        GROUP BY 1`.execute(database.kysely)
      for (const { day, cost } of expected) {
        const sum = (found.get(day) ?? []).reduce((total, line) => total + line.realNanoUsd, 0n)
        assert.equal(sum, cost, `day ${day} of ${timeZone}, tag ${tag}`)
        found.delete(day)
      }
      assert.ok([...found.values()].flat().every(line => line.realNanoUsd === 0n))
    }
  }

  async function checkAnswer({
    scope,
    by,
    limit,
  }: typeof questions extends fc.Arbitrary<infer Q> ? Q : never): Promise<void> {
    if (scope.from >= scope.to) return
    const [expected] = await scanCosts(database, scope, [])
    const { totals, entries } = await database.snapshot(session => sumCosts(session, scope))
    assert.deepEqual(totals, expected)
    const whole = await database.snapshot(session => sumAllBy(session, scope, by, { limit }))
    if (whole) assert.deepEqual(whole.totals, expected)
    // Documents are looked for in one way where there are few entries, in another one where there are many.
    for (const known of [undefined, entries]) {
      const rows: CostRow[] = []
      for (let cursor: string | undefined | null; cursor !== null; ) {
        const page = { limit, cursor }
        const found = await database.snapshot(session => sumCostsBy(session, scope, by, page, known))
        rows.push(...found.rows.map(({ fileName: _, ...row }) => row))
        cursor = found.nextCursor
      }
      assert.deepEqual(rows, await scanCosts(database, scope, by), `by ${by} in ${scope.timeZone}`)
    }
  }

  test('a day that begins at half past has what was booked since then, of the sums as of the entries', async () => {
    await emptyLedger(database)
    const of = { service: 'parse', purpose: 'ingest', provider: 'openai', simulated: false, ofDocument: true } as const
    const moments = ['17:50', '18:00', '18:29', '18:30', '18:59', '19:00'].map(
      time => new Date(`2026-03-29T${time}:00Z`),
    )
    for (const [i, at] of moments.entries()) {
      const shares = [{ document: 0, tags: [], cost: 10n ** BigInt(i) }]
      await bookCall(database, { ...of, tenant: 'acme', at, apiKeyId: null, shares, fate: 'settled' })
    }
    const period = { from: new Date('2026-03-28T00:00:00Z'), to: new Date('2026-03-31T00:00:00Z') }
    const scope = { ...period, tenantId: 'acme', documentId: null, timeZone: 'Asia/Kolkata' }
    for (const when of ['before', 'after']) {
      const { rows } = await sumCostsBy(database, scope, ['day'], { limit: 10 })
      const told = rows.map(({ day, calls, costNanoUsd }) => [day, calls, costNanoUsd])
      assert.deepEqual(
        told,
        [
          ['2026-03-29', 3, '111'],
          ['2026-03-30', 3, '111000'],
        ],
        `${when} they were added to the sums`,
      )
      await foldSpending(database)
    }
  })

  test('a database of before has the sums of what was booked there, and of what comes after', async () => {
    const older = await createPlace({ bare: true })
    const before = await openPlace(older)
    const book = async (count: number) => {
      for (const call of fc.sample(bookedCalls, count)) await bookCall(before, call)
    }
    const compare = async () => {
      for (const timeZone of ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu']) {
        const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') }
        const scope = { ...period, tenantId: null, documentId: null, timeZone }
        const { rows } = await sumCostsBy(before, scope, ['day', 'service'], { limit: 1_000 })
        const told = rows.map(({ fileName: _, ...row }) => row)
        assert.deepEqual(told, await scanCosts(before, scope, ['day', 'service']))
      }
    }
    try {
      // Sums came with 12, those of half hours with 14, when some of what was booked between stood in the others already.
      for (const number of [12, 14]) {
        const first = migrations.filter(migration => migration.number < number)
        await migrate(before, 'sluice', first)
        await book(40)
      }
      await migrate(before, 'sluice', migrations)
      await book(5)
      await compare()
      await foldSpending(before)
      await compare()
    } finally {
      await before.close()
      await older.remove()
    }
  })

  test('an entry is seen once while somebody adds it to the sums', async () => {
    await emptyLedger(database)
    await foldSpending(database)
    const call = {
      service: 'parse',
      purpose: 'ingest',
      provider: 'openai',
      simulated: false,
      ofDocument: true,
      apiKeyId: null,
    } as const
    const period = { from: new Date('2026-03-28T00:00:00Z'), to: new Date('2026-03-30T00:00:00Z') }
    const scope = { ...period, tenantId: 'acme', documentId: null, timeZone: 'UTC' }
    let booked = 0
    let isDone = false
    const fold = async () => {
      while (!isDone) await foldSpending(database)
    }
    const read = async () => {
      while (!isDone) {
        const least = booked
        const { totals } = await sumCosts(database, scope)
        assert.ok(totals.calls >= least && totals.calls <= booked + 1, `${totals.calls} of ${booked} calls`)
      }
    }
    const write = async () => {
      const shares = [{ document: 0, tags: [], cost: 1n }]
      for (; booked < 60; booked++)
        await bookCall(database, {
          ...call,
          tenant: 'acme',
          at: new Date('2026-03-29T01:30:00Z'),
          shares,
          fate: 'settled',
        })
    }
    const end = () => {
      isDone = true
    }
    await Promise.all([fold(), fold(), read(), write().finally(end)])
    assert.equal((await sumCosts(database, scope)).totals.costNanoUsd, '60')
  })
})
