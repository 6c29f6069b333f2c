import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BudgetSettings } from '../src/contract/budget.ts'
import type { Tables } from '../src/contract/tables.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { setBudget } from '../src/ledger/budgets.sql.ts'
import { foldSpending } from '../src/ledger/fold-spending.sql.ts'
import type { Database } from '../src/platform/database.ts'
import { createBenchClient } from './bench-client.ts'
import { createPlace, type DatabaseKind, type Place } from './create-place.ts'
import { dashboardRequests } from './dashboard-requests.ts'
import { fillDatabase, vacuum } from './fill-database.sql.ts'
import type { Measurement } from './measurement.ts'
import { percentile } from './percentile.ts'
import { type ChildServer, startChild } from './start-child.ts'
import { watchDashboard } from './watch-dashboard.ts'

const runs = 7
const mostMs = 200

/**
 * The dashboard over many documents and entries: what each of its requests takes, how soon Overview can be used, and whether it keeps up with
 * 200 events a second.
 */
export async function benchDashboard(
  kind: DatabaseKind,
  { documents, entries }: { documents: number; entries: number },
): Promise<Measurement[]> {
  const script = fileURLToPath(new URL('../scripts/build-dashboard.ts', import.meta.url))
  const built = spawnSync(process.execPath, [script, '--if-stale'], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`the dashboard was not built: ${built.stderr}`)
  const place = await createPlace(kind)
  try {
    await bringOneIn(place)
    const database = await place.open(10)
    try {
      const startedAt = performance.now()
      await fillDatabase(database, { documents, entries })
      const foldedAt = performance.now()
      await foldSpending(database)
      const folded = performance.now() - foldedAt
      await setBudgets(database)
      await vacuum(database)
      const filled = [
        { name: 'filling the database', value: (performance.now() - startedAt) / 1_000, unit: 's' },
        { name: 'of that, adding all entries to the sums', value: folded / 1_000, unit: 's' },
      ]
      const server = await startChild(place.environment)
      try {
        return [...filled, ...(await timeRequests(server, database)), ...(await watchDashboard(server, database))]
      } finally {
        await server.close()
      }
    } finally {
      await database.close()
    }
  } finally {
    await place.remove()
  }
}

/** So that there are a key, a vector space and a document to take after. */
async function bringOneIn(place: Place): Promise<void> {
  const server = await startChild(place.environment)
  const client = createBenchClient(server.url, server.secret)
  const path = join(place.dataDir, 'files', 'first.md')
  await mkdir(join(place.dataDir, 'files'), { recursive: true })
  await writeFile(path, '# Pumps\n\nThe pump of station one was looked after.\n')
  await client.upload(path)
  await client.settled()
  client.close()
  await server.close()
}

/** Their balances are counted from the entries that are there; throws when they are not what those add up to. */
async function setBudgets(database: Database<Tables>): Promise<void> {
  const budget = { provider: null, apiKeyId: null, policy: 'defer' as const, alertPercents: [50, 80, 95, 100] }
  const plain = {
    ...budget,
    service: null,
    tag: null,
    money: 'real',
    capNanoUsd: '300000000000000',
    timeZone: 'UTC',
  } as const
  const budgets: BudgetSettings[] = [
    { ...plain, tenantId: '*', budgetId: 'all-month', period: 'month' },
    { ...plain, tenantId: '*', budgetId: 'embed-week', service: 'embed', period: 'week', timeZone: 'Europe/Berlin' },
    { ...plain, tenantId: 'bench', budgetId: 'parse-day', service: 'parse', period: 'day', timeZone: 'Europe/Berlin' },
    { ...plain, tenantId: 'bench', budgetId: 'hour', period: 'hour' },
    { ...plain, tenantId: 'bench', budgetId: 'legal', tag: 'legal', period: 'month' },
    { ...plain, tenantId: 'north', budgetId: 'own', money: 'shadow', period: 'month' },
  ]
  for (const one of budgets) await database.transaction(session => setBudget(session, one, 'api'))
  const wrong = await findImbalances(database)
  if (wrong.length > 0) throw new Error(`the balance of budget ${wrong[0]?.budgetId} is not what its entries add up to`)
}

async function timeRequests(server: ChildServer, database: Database<Tables>): Promise<Measurement[]> {
  const { rows } = await database.session(({ client }) =>
    client.query(`SELECT document_id, job_id FROM sluice.jobs WHERE tenant_id = 'bench' AND state = 'succeeded'
      ORDER BY created_at OFFSET 1000 LIMIT 1`),
  )
  const [{ document_id: documentId, job_id: jobId }] = rows as [{ document_id: string; job_id: string }]
  const measured: Measurement[] = []
  for (const { page, name, path } of dashboardRequests(Date.now(), { documentId, jobId })) {
    const took: number[] = []
    for (let i = 0; i <= runs; i++) took.push(await timeRequest(server, path))
    const [, ...warm] = took
    measured.push({
      name: `${page}: ${name}`,
      value: percentile(warm, 0.5),
      unit: 'ms',
      range: { from: Math.min(...warm), to: Math.max(...warm) },
      bound: { atMost: mostMs },
    })
  }
  const worst = Math.max(...measured.map(one => one.range?.to ?? 0))
  return [
    ...measured,
    { name: 'the slowest of all these answers', value: worst, unit: 'ms', bound: { atMost: mostMs } },
  ]
}

async function timeRequest({ url, secret }: ChildServer, path: string): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${secret}` } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${text}`)
  return performance.now() - startedAt
}
