import { SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { modesOfAll } from '../../shared/modes.ts'
import { Page } from '../../shared/page.tsx'
import { modesQuery, providersQuery } from '../../shared/queries.ts'
import { isShown } from '../../shared/tenant.ts'
import { DoubtsCard } from './doubts-card.tsx'
import { HistoryCards } from './history-cards.tsx'
import { LimitsCard } from './limits-card.tsx'
import { ModeCard } from './mode-card.tsx'
import { ProviderTable } from './provider-table.tsx'
import { TenantModes } from './tenant-modes.tsx'

/** Who does the work now, how each provider is, and the switch. */
export function ServicesPage() {
  const modes = useQuery(modesQuery)
  const providers = useQuery(providersQuery)
  return (
    <Page
      title="Services"
      about="Who does the work, and how each provider is. A switch holds for the next decision; work under way ends as it was routed."
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <Loaded query={modes} height={210}>
            {({ modes: list, policies, production }) =>
              modesOfAll(list).map(mode => (
                <ModeCard key={mode.service} mode={mode} policies={Object.keys(policies)} production={production} />
              ))
            }
          </Loaded>
        </SimpleGrid>
        <Card title="Providers, by their calls of the last minute" flush>
          <Loaded query={providers} height={180}>
            {data => <ProviderTable providers={data.providers} />}
          </Loaded>
        </Card>
        {modes.data && (
          <TenantModes modes={modes.data.modes.filter(({ tenantId }) => tenantId !== '*' && isShown(tenantId))} />
        )}
        <LimitsCard />
        <HistoryCards />
        <DoubtsCard />
      </Stack>
    </Page>
  )
}
