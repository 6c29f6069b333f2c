import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { paths } from '../../shared/paths.ts'
import { deferredQuery } from '../../shared/queries.ts'
import { capitalized, plural, withMoments } from '../../shared/words.ts'

type Job = Answer<'/v1/jobs'>['items'][number]

/** What waits, grouped by what it waits for. */
export function WaitingCard() {
  const waiting = useQuery(deferredQuery)
  return (
    <Card title="Waiting, and why" actions={<AppLink to={paths.documentsInState('deferred')}>All of them</AppLink>}>
      <Loaded query={waiting} height={150}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty title="Nothing waits">No document is held back by a budget, a provider or a call in doubt.</Empty>
          ) : (
            <Stack gap="sm">
              {group(items).map(({ key, jobs, first }) => (
                <div key={key}>
                  <Group justify="space-between" gap="xs">
                    <Mark tone="wait">{capitalized(first.deferral?.reason ?? 'deferred')}</Mark>
                    <Text size="sm" fw={600}>
                      {plural(jobs, 'document')}
                      {nextCursor === null ? '' : ' or more'}
                    </Text>
                  </Group>
                  <Text size="sm" mt={4}>
                    {withMoments(first.deferral?.message ?? '')}
                  </Text>
                  {first.deferral?.resumesAt && (
                    <Text size="xs" c="dimmed">
                      goes on at <Moment at={first.deferral.resumesAt} /> at the latest
                    </Text>
                  )}
                </div>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Card>
  )
}

function group(items: readonly Job[]): { key: string; jobs: number; first: Job }[] {
  const groups = new Map<string, { key: string; jobs: number; first: Job }>()
  for (const job of items) {
    const key = `${job.deferral?.reason} ${job.deferral?.budget?.budgetId ?? ''}`
    const found = groups.get(key)
    if (found) found.jobs++
    else groups.set(key, { key, jobs: 1, first: job })
  }
  return [...groups.values()].sort((a, b) => b.jobs - a.jobs).slice(0, 4)
}
