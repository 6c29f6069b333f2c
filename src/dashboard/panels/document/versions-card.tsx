import { Group, Stack, Text } from '@mantine/core'
import { Card } from '../../shared/card.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { plural } from '../../shared/words.ts'
import type { DocumentDetail } from './document-detail.ts'

/** Each processing of the document; at most one is searched. */
export function VersionsCard({ document: { versions } }: { document: DocumentDetail }) {
  return (
    <Card title="Versions">
      <Stack gap="sm">
        {versions.map(({ versionId, live, createdAt, publishedAt, chunkCount, chunkSettings }) => (
          <div key={versionId}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" fw={live ? 620 : 400}>
                <Moment at={createdAt} />
              </Text>
              <Mark tone={live ? 'good' : 'calm'}>
                {live ? 'Live' : publishedAt === null ? 'Not published' : 'Replaced'}
              </Mark>
            </Group>
            <Text size="xs" c="dimmed">
              {chunkCount === null ? 'no chunks yet' : plural(chunkCount, 'chunk')} of at most {chunkSettings.maxTokens}{' '}
              tokens
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  )
}
