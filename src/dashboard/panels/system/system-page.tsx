import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty, Stat } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Page } from '../../shared/page.tsx'
import { bytes, duration } from '../../shared/words.ts'
import { ProcessTable } from './process-table.tsx'
import { SettingTable } from './setting-table.tsx'
import { WebhookCard } from './webhook-card.tsx'
import { WorkTable } from './work-table.tsx'

/** The process that answers: what it runs on, what it checked, what work is at hand, and how it is set up. */
export function SystemPage() {
  const report = useQuery({ queryKey: ['system'], queryFn: () => answerOf(api.GET('/v1/doctor')) })
  return (
    <Page
      title="System"
      about="What sluice doctor says: of the process that answers here, and of the database that all share."
    >
      <Loaded query={report} height={640}>
        {data => (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 2, md: 5 }} spacing="sm">
              <Stat label="Version" value={data.version} note={`Node ${data.node}`} />
              <Stat
                label="Up for"
                value={duration(Date.now() - Date.parse(data.startedAt))}
                note={`process ${data.pid}`}
              />
              <Stat label="Database" value={bytes(data.databaseBytes)} note="on its disk" />
              <Stat
                label="Vector space"
                value={data.space.dimensions}
                note={`${data.space.model}${data.space.simulated ? ' (simulated)' : ''}`}
              />
              <Stat
                label="Checks"
                value={data.checks.every(({ ok }) => ok) ? 'All good' : 'Not all good'}
                note={`${data.checks.filter(({ ok }) => ok).length} of ${data.checks.length} pass`}
              />
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Card title="Checks">
                <Stack gap="sm">
                  {data.checks.map(({ name, ok, detail }) => (
                    <Group key={name} justify="space-between" wrap="nowrap" align="flex-start">
                      <Text size="sm">
                        <strong>{name}</strong>: {detail}
                      </Text>
                      <Mark tone={ok ? 'good' : 'bad'}>{ok ? 'Good' : 'Not good'}</Mark>
                    </Group>
                  ))}
                </Stack>
              </Card>
              <WebhookCard />
            </SimpleGrid>
            <Card title="Work at hand, of all tenants" flush>
              {data.jobs.length === 0 ? <Empty title="No job is unfinished" /> : <WorkTable jobs={data.jobs} />}
            </Card>
            <Card title="Processes on this database" flush>
              <ProcessTable processes={data.processes} />
            </Card>
            <Card title="Settings" flush>
              <SettingTable settings={data.settings} />
            </Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
