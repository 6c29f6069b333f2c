import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { BudgetSettings } from '../../src/contract/budget.ts'
import type { Tables } from '../../src/contract/tables.ts'
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { Database } from '../../src/platform/database.ts'
import { shareOf } from './ledger-calls.ts'
import { budgetOf } from './ledger-database.ts'
import { emptyModel, type Model } from './ledger-model.ts'
import { emptyLedger } from './ledger-state.sql.ts'
import { processCount, type StepBudget, type StepShare } from './ledger-steps.ts'

/** What has a copy of the budgets of its own, and holds that die with it. */
export interface Process {
  owner: string
  ledger: Ledger
}

/** Where a history takes place: an empty database, the model of it, and processes. */
export interface World {
  database: Database<Tables>
  model: Model
  processes: Process[]
  /** The length of a window. */
  hours: number
  timeZone: string
  key: string
  /** One id for all quotes and calls of a tenant. */
  quoteIds: string[]
}

const tenants = ['one', 'two']

/** Empties the database and starts the processes. */
export async function createWorld(database: Database<Tables>, unit: 'hour' | 'day'): Promise<World> {
  const world: World = {
    database,
    model: emptyModel(),
    processes: [],
    hours: unit === 'hour' ? 1 : 24,
    timeZone: calmZone(unit, new Date()),
    key: randomUUID(),
    quoteIds: tenants.map(() => randomUUID()),
  }
  await emptyLedger(database)
  for (let i = 0; i < processCount; i++) world.processes.push(await startProcess(world))
  return world
}

export async function startProcess({ database, model }: World): Promise<Process> {
  const owner = randomUUID()
  await sql`INSERT INTO sluice.workers (worker_id, host, pid) VALUES (${owner}, 'test', 1)`.execute(database.kysely)
  model.living.add(owner)
  return { owner, ledger: createLedger({ database, owner }) }
}

/** A zone in which this hour, or this day, is not about to end: histories end their windows themselves. */
function calmZone(unit: 'hour' | 'day', now: Date): string {
  if (unit === 'hour') return Math.abs(now.getUTCMinutes() - 30) < 15 ? 'UTC' : 'Asia/Kolkata'
  const hour = now.getUTCHours()
  return hour < 12 ? `Etc/GMT-${12 - hour}` : `Etc/GMT+${hour - 12}`
}

/** The budgets by their slots: of the first tenant, of the second, and of all. */
export function keyOfSlot(slot: number): string {
  return ['one/0', 'one/1', 'two/2', '*/3', '*/4'][slot] ?? ''
}

export function settingsOf({ hours, timeZone, key }: World, slot: number, step: StepBudget): BudgetSettings {
  const [tenantId = '', budgetId = ''] = keyOfSlot(slot).split('/')
  return budgetOf(tenantId, budgetId, {
    service: step.service,
    money: step.money,
    capNanoUsd: String(step.cap),
    tag: step.tag,
    apiKeyId: step.hasKey ? key : null,
    period: step.total ? 'total' : hours === 1 ? 'hour' : 'day',
    timeZone,
  })
}

export function toShare({ key }: World, { tags, hasKey, weight }: StepShare) {
  return shareOf({ tags, weight, apiKeyId: hasKey ? key : null })
}

export function processOf({ processes }: World, number: number): Process {
  return processes[number % processes.length] ?? assert.fail('there are no processes')
}

export function tenantOf(number: number): string {
  return tenants[number] ?? assert.fail('there is no such tenant')
}
