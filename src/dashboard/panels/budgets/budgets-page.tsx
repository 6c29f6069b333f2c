import { Button, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Icon } from '../../shared/icons.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Page } from '../../shared/page.tsx'
import { budgetsQuery } from '../../shared/queries.ts'
import { isShown } from '../../shared/tenant.ts'
import { timeZone } from '../../shared/time-range.ts'
import { useCaller } from '../../shared/use-caller.ts'
import type { Budget } from './budget.ts'
import { BudgetCard } from './budget-card.tsx'
import { BudgetDialog } from './budget-dialog.tsx'
import { DeferredCard } from './deferred-card.tsx'

/** Every budget with what is spent, held, left and waiting; caps take effect at once. */
export function BudgetsPage() {
  const { isAdmin } = useCaller()
  const [edited, setEdited] = useState<Budget | 'new' | null>(null)
  const budgets = useQuery({
    ...budgetsQuery,
    select: data => data.budgets.filter(({ tenantId }) => isShown(tenantId)),
  })
  const forecast = useQuery({
    queryKey: ['forecast'],
    queryFn: () =>
      answerOf(
        api.GET('/v1/costs/forecast', { params: { query: { timeZone, ...(isAdmin && { tenant: '*' as const }) } } }),
      ),
  })
  const forecastOf = ({ tenantId, budgetId }: Budget) =>
    forecast.data?.budgets.find(line => line.tenantId === tenantId && line.budgetId === budgetId)
  return (
    <Page
      title="Budgets"
      about="What does not fit into one waits, says why, and goes on by itself. A raised cap wakes it at once."
      actions={
        isAdmin && (
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited('new')}>
            New budget
          </Button>
        )
      }
    >
      <Stack gap="md">
        <Loaded query={budgets} height={240}>
          {data =>
            data.length === 0 ? (
              <Card>
                <Empty title="No budget is set">Set one, and no paid call is made that does not fit into it.</Empty>
              </Card>
            ) : (
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
                {data.map(budget => (
                  <BudgetCard
                    key={`${budget.tenantId}/${budget.budgetId}`}
                    budget={budget}
                    forecast={forecastOf(budget)}
                    onEdit={isAdmin && budget.origin === 'api' ? () => setEdited(budget) : null}
                  />
                ))}
              </SimpleGrid>
            )
          }
        </Loaded>
        <DeferredCard />
      </Stack>
      {edited !== null && <BudgetDialog budget={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  )
}
