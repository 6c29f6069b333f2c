import { Button, SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useSearchParams } from 'wouter'
import { saveFile } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { readSums } from '../../shared/costs.http.ts'
import { Icon } from '../../shared/icons.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Page } from '../../shared/page.tsx'
import { tellFailure } from '../../shared/tell.ts'
import { daysOf, type TimeRange, timeZone, useTimeRange } from '../../shared/time-range.ts'
import { TimeRangeSelect } from '../../shared/time-range-select.tsx'
import { useCaller } from '../../shared/use-caller.ts'
import { exactly } from '../../shared/words.ts'
import { ChartPlace } from './chart-place.tsx'
import { type CostKey, costKeys } from './cost-keys.ts'
import { CostTable } from './cost-table.tsx'
import { LinesCard } from './lines-card.tsx'
import { TotalTiles } from './total-tiles.tsx'

const CostChart = lazy(async () => ({ default: (await import('./cost-chart.tsx')).CostChart }))

/** What was paid, held and avoided, and what simulated calls would have cost; down to the lines of the books. */
export function CostsPage() {
  const { isAdmin } = useCaller()
  const [range] = useTimeRange()
  const [params, setParams] = useSearchParams()
  const by = keyOf(params.get('by'))
  const day = params.get('day')
  const days = daysOf(range)
  const first = days[0] ?? ''
  const last = days.at(-1) ?? first
  const period = typeof range === 'string' ? { from: first, to: last } : range
  const scope = {
    ...(day === null ? period : { from: day, to: day }),
    timeZone,
    ...(isAdmin && { tenant: '*' as const }),
  }
  const sums = useQuery({
    queryKey: ['costs', 'sums', by, scope],
    queryFn: () => readSums({ by: keysOf(by, isAdmin), limit: 200, ...scope }),
    placeholderData: previous => previous,
  })
  const change = (name: string, value: string | null) =>
    setParams(
      present => {
        if (value === null) present.delete(name)
        else present.set(name, value)
        return present
      },
      { replace: true },
    )
  const save = () =>
    saveFile(
      '/v1/costs',
      { by: 'call', format: 'csv', ...scope },
      `costs-${scope.from}-${scope.to}.csv`.replaceAll(':', ''),
    ).catch(tellFailure)
  return (
    <Page
      title="Costs"
      about={day === null ? `${sayPeriod(range, first, last)} of ${timeZone}` : `The ${day}, a day of ${timeZone}`}
      actions={<TimeRangeSelect />}
    >
      <Stack gap="md">
        <Loaded query={sums} height={114}>
          {data => <TotalTiles totals={data.totals} />}
        </Loaded>
        <SimpleGrid cols={1}>
          <Card title="By day">
            <Suspense fallback={<ChartPlace />}>
              <CostChart period={period} days={days} chosen={day} onChoose={chosen => change('day', chosen)} />
            </Suspense>
          </Card>
        </SimpleGrid>
        <Card
          title="Sums"
          flush
          actions={
            <SegmentedControl
              size="xs"
              aria-label="Sum by"
              value={by}
              onChange={value => change('by', value)}
              data={Object.entries(costKeys)
                .filter(([value]) => value !== 'tenant' || isAdmin)
                .map(([value, label]) => ({ value, label }))}
            />
          }
        >
          <Loaded query={sums} height={260}>
            {data => <CostTable rows={data.rows} by={by} onDay={chosen => change('day', chosen)} />}
          </Loaded>
        </Card>
        <LinesCard
          scope={scope}
          actions={
            <>
              {day !== null && (
                <Button size="compact-sm" variant="subtle" onClick={() => change('day', null)}>
                  All days
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Icon name="download" size={15} />}
                onClick={save}
              >
                CSV
              </Button>
            </>
          }
        />
      </Stack>
    </Page>
  )
}

/** What the server sums by; a document's tenant says where its link leads. */
function keysOf(by: CostKey, isAdmin: boolean): string {
  if (by === 'model') return 'service,provider,model'
  return by === 'document' && isAdmin ? 'document,tenant' : by
}

function sayPeriod(range: TimeRange, first: string, last: string): string {
  return typeof range === 'string'
    ? `${first} to ${last}, days`
    : `${exactly(range.from)} to ${exactly(range.to)}, in days`
}

function keyOf(text: string | null): CostKey {
  return text !== null && Object.hasOwn(costKeys, text) ? (text as CostKey) : 'day'
}
