import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Tables } from '../src/contract/tables.ts'
import { budgetWindow } from '../src/ledger/budget-window.ts'
import type { Database } from '../src/platform/database.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { openLedgerDatabase } from './harness/ledger-database.ts'
import { rareHistories } from './harness/ledger-examples.ts'
import { runHistory } from './harness/ledger-history.ts'
import { vacuumLedger } from './harness/ledger-state.sql.ts'
import { histories } from './harness/ledger-steps.ts'

const torture = process.env.TORTURE === '1'
const counts = torture ? { embedded: 3_000, postgres: 7_000 } : { embedded: 30, postgres: 60 }
const vacuumEvery = 200

onBothDatabases('histories of the books', (createPlace, kind) => {
  let place: Place
  let database: Database<Tables>
  before(async () => {
    place = await createPlace()
    database = await openLedgerDatabase(place, 2)
  })
  after(async () => {
    await database.close()
    await place.remove()
  })

  test("P7: days, weeks and months begin where the database's own calendar begins them", async () => {
    for (const timeZone of [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Africa/Cairo',
    ])
      for (const period of ['day', 'week', 'month'] as const) {
        const moments = Array.from({ length: 400 }, (_, i) => new Date(Date.UTC(2023, 0, 1, 22 * i, 17)))
        const { rows } = await sql<{ start: Date }>`SELECT date_trunc(${period}::text, at, ${timeZone}::text) AS start
          FROM unnest(${moments.map(at => at.toISOString())}::timestamptz[]) WITH ORDINALITY AS m(at, place) ORDER BY place`.execute(
          database.kysely,
        )
        const own = moments.map(at => budgetWindow(period, timeZone, at).start)
        assert.deepEqual(
          own,
          rows.map(row => row.start),
          `${period} in ${timeZone}`,
        )
      }
  })

  test('P2 P3: whatever happens to calls and budgets, the books are those of the model after every step', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(histories, async history => {
        if (++runs % vacuumEvery === 0) await vacuumLedger(database)
        await runHistory(database, history)
      }),
      { numRuns: counts[kind], examples: rareHistories.map(history => [history]) },
    )
  })
})
