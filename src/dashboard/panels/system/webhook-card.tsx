import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'

/** How webhooks of LlamaParse come in. */
export function WebhookCard() {
  const webhooks = useQuery({ queryKey: ['system', 'webhooks'], queryFn: () => answerOf(api.GET('/v1/webhooks')) })
  return (
    <Card title="Webhooks of providers">
      <Loaded query={webhooks} height={110}>
        {({ url, secretCount, lastEvent, refused }) => (
          <Stack gap={6}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {url === null
                ? 'None are asked for: SLUICE_PUBLIC_URL is not set. Providers are looked at instead.'
                : `Sent to ${url}`}
            </Text>
            <Text size="sm">
              {secretCount === 0
                ? 'No secret is set, so all are refused.'
                : `${secretCount} of its secrets are accepted.`}
            </Text>
            <Text size="sm">
              {lastEvent === null ? (
                'None has come yet.'
              ) : (
                <>
                  The last: {lastEvent.eventType}, <Moment at={lastEvent.receivedAt} />
                </>
              )}
            </Text>
            {refused.map(({ reason, count, lastAt }) => (
              <Text key={reason} size="sm">
                {count} refused as {reason.replaceAll('_', ' ')}, last <Moment at={lastAt} />
              </Text>
            ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  )
}
