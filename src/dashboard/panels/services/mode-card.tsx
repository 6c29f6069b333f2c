import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Mode, modes } from '../../../contract/provenance.ts'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Mark } from '../../shared/marks.tsx'
import type { ServiceMode } from '../../shared/modes.ts'
import { Moment } from '../../shared/moment.tsx'
import { tellFailure } from '../../shared/tell.ts'
import { useCaller } from '../../shared/use-caller.ts'
import { capitalized } from '../../shared/words.ts'
import { SwitchDialog } from './switch-dialog.tsx'

const meaning: Record<ServiceMode['service'], Partial<Record<Mode, string>>> = {
  parse: {
    local: 'The parser of this machine, and nothing else.',
    mock: 'The SDK of LlamaParse, into a simulator: nothing is paid.',
    real: 'LlamaParse, or the document waits.',
    hybrid: 'Page by page, by a policy and the health of the moment.',
  },
  embed: {
    mock: 'OpenAI’s SDK, into a simulator: nothing is paid.',
    real: 'The provider that is configured, or the document waits.',
    hybrid: 'As real.',
  },
}

interface ModeCardProps {
  mode: ServiceMode
  policies: readonly string[]
  production: boolean
}

/** The mode of one service for all tenants, who set it and why, and the switch to another. */
export function ModeCard({
  mode: { service, mode, policy, origin, setBy, reason, updatedAt, forced },
  policies,
  production,
}: ModeCardProps) {
  const { isAdmin } = useCaller()
  const [wanted, setWanted] = useState<Mode | null>(null)
  const client = useQueryClient()
  const reset = useMutation({
    mutationFn: () =>
      answerOf(api.DELETE('/v1/modes/{tenantId}/{service}', { params: { path: { tenantId: '*', service } } })),
    onSuccess: data => client.setQueryData(['modes'], data),
    onError: tellFailure,
  })
  return (
    <Card
      title={service === 'parse' ? 'Parsing' : 'Embedding'}
      actions={
        <Mark tone={mode === 'mock' ? 'stand' : 'good'}>{mode === 'mock' ? 'Simulated' : capitalized(mode)}</Mark>
      }
    >
      <SegmentedControl
        fullWidth
        aria-label={`Mode of ${service}`}
        value={mode}
        disabled={!isAdmin}
        onChange={value => setWanted(value as Mode)}
        data={modes
          .filter(name => meaning[service][name] !== undefined)
          .map(value => ({ value, label: capitalized(value) }))}
      />
      <Text size="sm" mt="sm">
        {meaning[service][mode]}
        {policy !== null && ` Policy: ${policy}.`}
        {forced && ' Forced, although this is production.'}
      </Text>
      <Group justify="space-between" mt={6} mih={30}>
        <Text size="sm" c="dimmed">
          {origin === 'configuration' ? 'As configured.' : 'Switched'}
          {setBy !== null && ` by ${setBy}`}
          {updatedAt !== null && (
            <>
              {', '}
              <Moment at={updatedAt} />
            </>
          )}
          {reason !== null && `: “${reason}”`}
        </Text>
        {isAdmin && origin === 'switched' && (
          <Button size="compact-sm" variant="subtle" loading={reset.isPending} onClick={() => reset.mutate()}>
            Back to the configuration
          </Button>
        )}
      </Group>
      {wanted !== null && (
        <SwitchDialog
          service={service}
          from={mode}
          to={wanted}
          policies={policies}
          production={production}
          onClose={() => setWanted(null)}
        />
      )}
    </Card>
  )
}
