import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Stat } from '../../shared/card.tsx'
import { shareOf, usd, usdShort } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { budgetsQuery } from '../../shared/queries.ts'
import { isShown } from '../../shared/tenant.ts'
import { timeZone } from '../../shared/time-range.ts'
import { useCaller } from '../../shared/use-caller.ts'
import { monthQuery } from './overview-queries.ts'

/** What this month has cost and will cost, and how near the nearest cap is. */
export function MoneyTiles() {
  const { isAdmin } = useCaller()
  const tenant = isAdmin ? { tenant: '*' as const } : {}
  const month = useQuery(monthQuery(isAdmin))
  const forecast = useQuery({
    queryKey: ['forecast'],
    queryFn: () => answerOf(api.GET('/v1/costs/forecast', { params: { query: { timeZone, ...tenant } } })),
  })
  const budgets = useQuery(budgetsQuery)
  if (!month.data || !budgets.data)
    return [0, 1].map(key => <Skeleton key={key} height={114} radius="md" aria-label="Loading" />)
  const { totals } = month.data
  const isShadow = totals.costNanoUsd === '0' && totals.shadowNanoUsd !== '0'
  // What is spent can be seen before the forecast is made.
  const expectedNanoUsd = (isShadow ? forecast.data?.shadow : forecast.data?.real)?.expectedNanoUsd ?? null
  const share = (b: (typeof budgets.data.budgets)[number]) =>
    shareOf(BigInt(b.spentNanoUsd) + BigInt(b.heldNanoUsd), b.capNanoUsd)
  const tightest = budgets.data.budgets
    .filter(({ tenantId }) => isShown(tenantId))
    .sort((a, b) => share(b) - share(a))[0]
  return (
    <>
      <Stat
        label={isShadow ? 'Would have cost this month' : 'Spent this month'}
        value={
          <span title={usd(isShadow ? totals.shadowNanoUsd : totals.costNanoUsd)}>
            {usdShort(isShadow ? totals.shadowNanoUsd : totals.costNanoUsd)}
          </span>
        }
        note={[
          isShadow ? 'nothing was paid' : `${usdShort(totals.heldNanoUsd)} held`,
          expectedNanoUsd === null ? null : `forecast ${usdShort(expectedNanoUsd)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      />
      <Stat
        label="Nearest cap"
        value={tightest === undefined ? '–' : `${share(tightest).toFixed(share(tightest) < 10 ? 1 : 0)} %`}
        note={
          tightest === undefined ? (
            <AppLink to={paths.budgets}>No budget is set</AppLink>
          ) : (
            <AppLink to={paths.budgets}>
              {tightest.budgetId}: {usdShort(tightest.capNanoUsd)}
              {tightest.period === 'total' ? '' : tightest.period === 'hour' ? ' an hour' : ` a ${tightest.period}`}
            </AppLink>
          )
        }
      />
    </>
  )
}
