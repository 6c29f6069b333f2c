import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { BudgetSettings } from '../../src/contract/budget.ts'
import type { Tables } from '../../src/contract/tables.ts'
import { setBudget } from '../../src/ledger/budgets.sql.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { migrate, readMigrations } from '../../src/platform/migrate.sql.ts'
import type { Place } from './databases.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The database of a place with all its tables, and nothing at work in it. */
export async function openLedgerDatabase(place: Place, maxConnections = 8): Promise<Database<Tables>> {
  const url = place.environment.DATABASE_URL ?? ''
  const database = await openDatabase<Tables>(
    url === '' ? { kind: 'embedded', dataDir: place.dataDir } : { kind: 'postgres', url, maxConnections },
  )
  await migrate(database, 'sluice', readMigrations(migrations))
  return database
}

/** A budget that covers a tenant's real money for ever, unless `settings` say something else. */
export function budgetOf(tenantId: string, budgetId: string, settings: Partial<BudgetSettings> = {}): BudgetSettings {
  return {
    tenantId,
    budgetId,
    service: null,
    provider: null,
    apiKeyId: null,
    tag: null,
    money: 'real',
    capNanoUsd: '0',
    period: 'total',
    timeZone: 'UTC',
    policy: 'defer',
    alertPercents: [50, 80, 95, 100],
    ...settings,
  }
}

export async function changeBudget(database: Database<Tables>, budget: BudgetSettings): Promise<void> {
  await database.transaction(session => setBudget(session, budget, 'api'))
}

/**
 * From now on the database itself refuses to have more held and spent in a window than the cap: for tests whose calls never cost
 * more than they hold, and that lower no cap, so that no moment of an overshoot goes unseen.
 */
export async function refuseOvershoot({ kysely }: Database<Tables>): Promise<void> {
  await sql`
    CREATE FUNCTION refuse_overshoot() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.held_nano_usd + NEW.spent_nano_usd > (SELECT cap_nano_usd FROM sluice.budgets b
        WHERE b.tenant_id = NEW.tenant_id AND b.budget_id = NEW.budget_id) THEN
        RAISE EXCEPTION 'overshoot: % of budget % is held and spent', NEW.held_nano_usd + NEW.spent_nano_usd, NEW.budget_id;
      END IF;
      RETURN NEW;
    END $$`.execute(kysely)
  await sql`CREATE TRIGGER refuse_overshoot BEFORE INSERT OR UPDATE ON sluice.budget_windows
    FOR EACH ROW EXECUTE FUNCTION refuse_overshoot()`.execute(kysely)
}
