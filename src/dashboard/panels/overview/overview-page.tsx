import { SimpleGrid, Stack } from '@mantine/core'
import { usePrefetchQuery, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Page } from '../../shared/page.tsx'
import { chosenTenant } from '../../shared/tenant.ts'
import { useTimeRange } from '../../shared/time-range.ts'
import { TimeRangeSelect } from '../../shared/time-range-select.tsx'
import { useCaller } from '../../shared/use-caller.ts'
import { usePainted } from '../../shared/use-painted.ts'
import { useNamedTenant } from '../../shared/use-tenants.ts'
import { ChartPlace } from './chart-place.tsx'
import { FirstSteps } from './first-steps.tsx'
import { HealthCard } from './health-card.tsx'
import { MoneyTiles } from './money-tiles.tsx'
import { overviewQuery, spendingQuery } from './overview-queries.ts'
import { RecentAlerts } from './recent-alerts.tsx'
import { WaitingCard } from './waiting-card.tsx'
import { WorkTiles } from './work-tiles.tsx'

// Drawn when the figures are there: what draws charts takes as long to start as all the rest.
const ThroughputChart = lazy(async () => ({ default: (await import('./throughput-chart.tsx')).ThroughputChart }))
const SpendingChart = lazy(async () => ({ default: (await import('./spending-chart.tsx')).SpendingChart }))

/** What runs, what waits and why, what is spent, and who is sick, at a glance. */
export function OverviewPage() {
  const isPainted = usePainted()
  const tenant = useNamedTenant()
  const [range] = useTimeRange()
  const { isAdmin } = useCaller()
  usePrefetchQuery(spendingQuery(range, isAdmin))
  const overview = useQuery({ ...overviewQuery(range), placeholderData: previous => previous })
  return (
    <Page
      title="Overview"
      about={`What runs, what waits and why, and what it costs${tenant === null ? '' : `: work of tenant ${tenant}, costs of ${chosenTenant === null ? 'all' : 'it'}`}.`}
      actions={<TimeRangeSelect />}
    >
      <Stack gap="md">
        {overview.data?.documents === 0 && <FirstSteps />}
        <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }} spacing="sm">
          <WorkTiles overview={overview} />
          <MoneyTiles />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <Card title="Jobs that ended">
            <Loaded query={overview} height={220}>
              {data =>
                isPainted ? (
                  <Suspense fallback={<ChartPlace />}>
                    <ThroughputChart overview={data} />
                  </Suspense>
                ) : (
                  <ChartPlace />
                )
              }
            </Loaded>
          </Card>
          <Card title="Cost by day">
            {!isPainted || overview.data === undefined ? (
              <ChartPlace />
            ) : (
              <Suspense fallback={<ChartPlace />}>
                <SpendingChart range={range} />
              </Suspense>
            )}
          </Card>
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <WaitingCard />
          <HealthCard />
        </SimpleGrid>
        <RecentAlerts />
      </Stack>
    </Page>
  )
}
