import { Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { alertWords } from '../../../contract/alert-words.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { paths } from '../../shared/paths.ts'
import { capitalized } from '../../shared/words.ts'
import { alertsQuery } from './overview-queries.ts'

/** The last alerts; those that are over are calm. */
export function RecentAlerts() {
  const alerts = useQuery(alertsQuery)
  return (
    <Card title="Alerts" actions={<AppLink to={paths.alerts}>All, rules, who is told</AppLink>}>
      <Loaded query={alerts} height={120}>
        {data =>
          data.alerts.length === 0 ? (
            <Empty title="No alerts">
              Budgets that near their caps, ill providers, old queues and calls in doubt are told here.
            </Empty>
          ) : (
            <Stack gap="sm">
              {data.alerts.map(alert => (
                <Group key={alert.alertId} gap="xs" fz="sm">
                  <Moment at={alert.at} />
                  <Mark tone={toneOf(alert)}>
                    {capitalized(alert.kind)}
                    {alert.recoveredAt !== null && ', over'}
                  </Mark>
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

function toneOf({ recoveredAt, severity }: { recoveredAt: string | null; severity: 'warning' | 'critical' }) {
  if (recoveredAt !== null) return 'calm'
  return severity === 'critical' ? 'bad' : 'wait'
}
