import { Grid, Group, Skeleton, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { Failure } from '../../shared/loaded.tsx'
import { ResultMarks, StateMark } from '../../shared/marks.tsx'
import { Page } from '../../shared/page.tsx'
import { CostCard } from './cost-card.tsx'
import { DocumentActions } from './document-actions.tsx'
import { documentQuery } from './document-queries.ts'
import { FactsCard } from './facts-card.tsx'
import { PagesCard } from './pages-card.tsx'
import { RouteCard } from './route-card.tsx'
import { TimelineCard } from './timeline-card.tsx'
import { VersionsCard } from './versions-card.tsx'

/** One document: what was done with it, why that way, what it cost, and what came of it. */
export function DocumentPage() {
  const { documentId = '' } = useParams()
  const document = useQuery(documentQuery(useQueryClient(), documentId))
  if (document.error !== null) return <Failure error={document.error} />
  if (document.data === undefined) return <Skeleton height={640} radius="md" aria-label="Loading" />
  const { fileName, job, live, versions } = document.data
  return (
    <Page
      title={fileName}
      about={
        <Group component="span" gap={6} mt={6}>
          <StateMark state={job.state} stage={job.stage} />
          {live && <ResultMarks provenance={live.provenance} stays={live.rolledBackAt !== null} />}
        </Group>
      }
      actions={<DocumentActions document={document.data} />}
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <TimelineCard documentId={documentId} jobId={job.jobId} />
            <RouteCard documentId={documentId} jobId={job.jobId} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md">
            <FactsCard document={document.data} />
            <VersionsCard document={document.data} />
          </Stack>
        </Grid.Col>
        {versions.some(({ pageCount }) => pageCount !== null) && (
          <Grid.Col span={12}>
            <PagesCard documentId={documentId} versions={versions} />
          </Grid.Col>
        )}
        <Grid.Col span={12}>
          <CostCard documentId={documentId} />
        </Grid.Col>
      </Grid>
    </Page>
  )
}
