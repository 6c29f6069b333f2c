import { Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { capitalized } from '../../shared/words.ts'
import { alertWords } from './alert-words.ts'

/** The last alerts. */
export function RecentAlerts() {
  const alerts = useQuery({
    queryKey: ['alerts', 'recent'],
    queryFn: () => answerOf(api.GET('/v1/alerts', { params: { query: { limit: 8 } } })),
  })
  return (
    <Card title="Alerts">
      <Loaded query={alerts} height={120}>
        {data =>
          data.alerts.length === 0 ? (
            <Empty title="No alerts">
              Budgets that near their caps, stopped providers and calls in doubt are told here.
            </Empty>
          ) : (
            <Stack gap="sm">
              {data.alerts.map(alert => (
                <Group key={`${alert.at} ${alert.kind} ${alert.subject}`} gap="xs" fz="sm">
                  <Moment at={alert.at} />
                  <Mark tone={alert.kind === 'budget_threshold' ? 'wait' : 'bad'}>{capitalized(alert.kind)}</Mark>
                  <span>{alertWords(alert)}</span>
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Card>
  )
}
