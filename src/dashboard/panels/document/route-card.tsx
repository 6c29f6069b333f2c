import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark, type Tone } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { capitalized, withMoments } from '../../shared/words.ts'
import { routeQuery } from './document-queries.ts'

type Decision = Answer<'/v1/jobs/{jobId}/explanation'>['decisions'][number]

/** Who did the work and why, who else could have, and what is waited for. */
export function RouteCard({ documentId, jobId }: { documentId: string; jobId: string }) {
  const explanation = useQuery({
    ...routeQuery(documentId, jobId),
    placeholderData: previous => previous,
  })
  return (
    <Card title="Why this route">
      <Loaded query={explanation} height={220}>
        {({ sentences, decisions }) => (
          <Stack gap="md">
            <div>
              {sentences.map(sentence => (
                <Text key={sentence} size="sm" mb={4}>
                  {withMoments(sentence)}
                </Text>
              ))}
            </div>
            {decisions
              .filter(({ considered }) => considered.length > 0)
              .slice(-4)
              .map(decision => (
                <DecisionRow key={`${decision.at} ${decision.service}`} decision={decision} />
              ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  )
}

const verdicts: Record<Decision['considered'][number]['verdict'], Tone> = {
  chosen: 'good',
  not_wanted: 'calm',
  unhealthy: 'bad',
  limited: 'wait',
  unaffordable: 'wait',
  stuck: 'bad',
}

function DecisionRow({
  decision: { service, at, mode, policy, considered, pages, provisional },
}: {
  decision: Decision
}) {
  return (
    <div>
      <Group gap="xs" mb={6}>
        <Text size="sm" fw={620}>
          {capitalized(service)}
          {pages === null ? '' : `, pages ${pages}`}
        </Text>
        <Text size="sm" c="dimmed">
          mode {mode}
          {policy === null ? '' : `, policy ${policy}`}, <Moment at={at} />
        </Text>
        {provisional && <Mark tone="wait">Provisional</Mark>}
      </Group>
      <Stack gap={6}>
        {considered.map(({ provider, model, simulated, verdict, why }) => (
          <Group key={`${provider} ${model} ${simulated}`} gap="xs" align="flex-start" wrap="nowrap">
            <Mark tone={verdicts[verdict]}>{capitalized(verdict)}</Mark>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {provider} {model}
              {simulated ? ' (simulated)' : ''}
              <Text span c="dimmed">
                {' '}
                {why}
              </Text>
            </Text>
          </Group>
        ))}
      </Stack>
    </div>
  )
}
