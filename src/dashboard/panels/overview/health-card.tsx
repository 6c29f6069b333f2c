import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { AppLink } from '../../shared/app-link.tsx'
import { BreakerMark } from '../../shared/breaker-mark.tsx'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { modesOfAll } from '../../shared/modes.ts'
import { paths } from '../../shared/paths.ts'
import { modesQuery, providersQuery } from '../../shared/queries.ts'
import { capitalized, duration, plural } from '../../shared/words.ts'

/** In which mode each service is, and how each provider is. */
export function HealthCard() {
  const modes = useQuery(modesQuery)
  const providers = useQuery(providersQuery)
  return (
    <Card title="Services" actions={<AppLink to={paths.services}>Modes and health</AppLink>}>
      <Stack gap="sm">
        <Loaded query={modes} height={56}>
          {data =>
            modesOfAll(data.modes).map(({ service, mode, policy }) => (
              <Group key={service} justify="space-between">
                <Text size="sm" fw={600}>
                  {capitalized(service)}
                </Text>
                <Mark tone={mode === 'mock' ? 'stand' : 'calm'}>
                  {mode}
                  {policy === null ? '' : ` · ${policy}`}
                </Mark>
              </Group>
            ))
          }
        </Loaded>
        <Loaded query={providers} height={84}>
          {data =>
            data.providers.map(provider => (
              <Group key={provider.provider} justify="space-between" gap="xs">
                <div>
                  <Text size="sm">{provider.provider}</Text>
                  <Text size="xs" c="dimmed">
                    {provider.calls === 0
                      ? 'no call in the last minute'
                      : `${plural(provider.calls, 'call')}, ${plural(provider.faults, 'fault')}${provider.latencyMs ? `, p95 ${duration(provider.latencyMs.p95)}` : ''}`}
                  </Text>
                </div>
                <BreakerMark state={provider.state} />
              </Group>
            ))
          }
        </Loaded>
      </Stack>
    </Card>
  )
}
