import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { budgetWindow } from './budget-window.ts'
import { type BudgetRow, readBudgets, readRevision } from './budgets.sql.ts'

/** The present window of a budget. */
export interface PresentWindow {
  tenantId: string
  budgetId: string
  start: Date
  end: Date
}

/** A process's copy of the budgets, hardly older than they; `reserve` notices when it is. */
export interface BudgetCache {
  /** The budgets that can cover calls of this tenant: its own and those of all tenants. */
  of(tenantId: string): Promise<BudgetRow[]>
  windows(tenantId: string): Promise<{ revision: bigint; windows: PresentWindow[] }>
  forget(): void
}

interface Copy {
  revision: bigint
  budgets: BudgetRow[]
  clockLeadMs: number
  /** When it was read, by this machine's clock. */
  at: number
}

const trustedForMs = 50

export function createBudgetCache(database: Database<Tables>): BudgetCache {
  let known: Copy | null = null
  let reading: Promise<Copy> | null = null

  async function read(): Promise<Copy> {
    const startedAt = Date.now()
    const { revision, now } = await readRevision(database)
    // The database's clock decides which window it is; half of the way there is over when it says its time.
    const clockLeadMs = now.getTime() - (startedAt + Date.now()) / 2
    const budgets = known?.revision === revision ? known.budgets : await readBudgets(database)
    known = { revision, budgets, clockLeadMs, at: startedAt }
    return known
  }

  async function current(): Promise<Copy> {
    if (known && Date.now() - known.at < trustedForMs) return known
    reading ??= read().finally(() => {
      reading = null
    })
    return await reading
  }

  const ofTenant = (budgets: readonly BudgetRow[], tenantId: string) =>
    budgets.filter(budget => budget.tenantId === '*' || budget.tenantId === tenantId)

  return {
    of: async tenantId => ofTenant((await current()).budgets, tenantId),
    async windows(tenantId) {
      const { revision, budgets, clockLeadMs } = await current()
      const at = new Date(Date.now() + clockLeadMs)
      const windows = ofTenant(budgets, tenantId).map(({ tenantId, budgetId, period, timeZone }) => ({
        tenantId,
        budgetId,
        ...budgetWindow(period, timeZone, at),
      }))
      return { revision, windows }
    },
    forget() {
      known = null
    },
  }
}
