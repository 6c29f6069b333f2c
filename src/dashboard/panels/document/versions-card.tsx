import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { AppLink } from '../../shared/app-link.tsx'
import { Card } from '../../shared/card.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { paths } from '../../shared/paths.ts'
import { plural } from '../../shared/words.ts'
import styles from './document.module.css'
import type { DocumentDetail, Version } from './document-detail.ts'
import { RollbackDialog } from './rollback-dialog.tsx'

/** Each processing of the document; at most one is searched, and an earlier one can be again. */
export function VersionsCard({ document }: { document: DocumentDetail }) {
  const [wanted, setWanted] = useState<Version | null>(null)
  const { documentId, versions } = document
  return (
    <Card title="Versions">
      <Stack gap="sm">
        {versions.map(version => (
          <VersionRow
            key={version.versionId}
            documentId={documentId}
            version={version}
            onMakeLive={version.live || version.publishedAt === null ? null : () => setWanted(version)}
          />
        ))}
      </Stack>
      {wanted !== null && <RollbackDialog document={document} version={wanted} onClose={() => setWanted(null)} />}
    </Card>
  )
}

interface VersionRowProps {
  documentId: string
  version: Version
  /** Null: it is live, or never was complete. */
  onMakeLive: (() => void) | null
}

function VersionRow({ documentId, version, onMakeLive }: VersionRowProps) {
  const { versionId, live, createdAt, pageCount, chunkCount, chunkSettings } = version
  return (
    <section className={styles.version} aria-label={`Version ${versionId.slice(-6)}`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={live ? 620 : 400}>
          <Moment at={createdAt} />
          <Text span size="xs" c="dimmed" title={versionId}>
            {' '}
            {versionId.slice(-6)}
          </Text>
        </Text>
        <LiveMark version={version} />
      </Group>
      <Group justify="space-between" gap="xs" mih={26}>
        <Text size="xs" c="dimmed">
          {chunkCount === null ? 'no chunks yet' : plural(chunkCount, 'chunk')} of at most {chunkSettings.maxTokens}{' '}
          tokens
        </Text>
        <Group gap="xs">
          {!live && pageCount !== null && (
            <AppLink to={paths.documentVersion(documentId, versionId)}>Its pages</AppLink>
          )}
          {onMakeLive && (
            <Button size="compact-xs" variant="default" onClick={onMakeLive}>
              Make live
            </Button>
          )}
        </Group>
      </Group>
    </section>
  )
}

function LiveMark({ version: { live, rolledBackAt, publishedAt } }: { version: Version }) {
  if (!live) return <Mark tone="calm">{publishedAt === null ? 'Not published' : 'Replaced'}</Mark>
  if (rolledBackAt === null) return <Mark tone="good">Live</Mark>
  return (
    <Mark tone="good" about="Somebody made it live again. It stays until the document is processed again.">
      Live, rolled back
    </Mark>
  )
}
