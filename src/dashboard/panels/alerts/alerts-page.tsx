import { SegmentedControl, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Page } from '../../shared/page.tsx'
import { useCaller } from '../../shared/use-caller.ts'
import { AlertTable } from './alert-table.tsx'
import { DeliveriesCard } from './deliveries-card.tsx'
import { ReceiversCard } from './receivers-card.tsx'
import { RulesCard } from './rules-card.tsx'

/** What is wrong now and was before, when that is said, and to whom. */
export function AlertsPage() {
  const { isAdmin } = useCaller()
  return (
    <Page title="Alerts" about="What is wrong now and was before, when that is said, and to whom.">
      <Stack gap="md">
        <AlertsCard />
        <RulesCard />
        {isAdmin && <ReceiversCard />}
        {isAdmin && <DeliveriesCard />}
      </Stack>
    </Page>
  )
}

function AlertsCard() {
  const [shown, setShown] = useState<'all' | 'open'>('all')
  const alerts = useQuery({
    queryKey: ['alerts', 'list', shown],
    queryFn: () =>
      answerOf(api.GET('/v1/alerts', { params: { query: { limit: 50, ...(shown === 'open' && { open: 'true' }) } } })),
  })
  return (
    <Card
      title="Alerts"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which alerts"
          value={shown}
          onChange={value => setShown(value as typeof shown)}
          data={[
            { value: 'all', label: 'Newest 50' },
            { value: 'open', label: 'Lasting' },
          ]}
        />
      }
    >
      <Loaded query={alerts} height={180}>
        {data =>
          data.alerts.length === 0 ? (
            <Empty title={shown === 'open' ? 'Nothing is wrong now' : 'No alerts'}>
              Budgets that near their caps, ill providers, old queues, calls in doubt and full disks are told here.
            </Empty>
          ) : (
            <AlertTable alerts={data.alerts} />
          )
        }
      </Loaded>
    </Card>
  )
}
