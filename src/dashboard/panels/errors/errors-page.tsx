import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { Page } from '../../shared/page.tsx'
import { paths } from '../../shared/paths.ts'
import { spanOf, useTimeRange } from '../../shared/time-range.ts'
import { TimeRangeSelect } from '../../shared/time-range-select.tsx'
import { useNamedTenant } from '../../shared/use-tenants.ts'
import { capitalized, plural } from '../../shared/words.ts'

/** What failed, grouped by code and cause, and what to do about it. */
export function ErrorsPage() {
  const tenant = useNamedTenant()
  const [range] = useTimeRange()
  const failures = useQuery({
    queryKey: ['failures', range],
    queryFn: () => answerOf(api.GET('/v1/failures', { params: { query: spanOf(range) } })),
    placeholderData: previous => previous,
  })
  return (
    <Page
      title="Errors"
      about={`Jobs ${tenant === null ? '' : `of tenant ${tenant} `}that failed, or failed and try again.`}
      actions={<TimeRangeSelect />}
    >
      <Loaded query={failures} height={320}>
        {data =>
          data.failures.length === 0 ? (
            <Card>
              <Empty title="Nothing failed in this range">
                Failed jobs come here, grouped, with what to do about them.
              </Empty>
            </Card>
          ) : (
            <Stack gap="md">
              {data.failures.map(failure => (
                <FailureCard key={`${failure.code} ${failure.cause}`} failure={failure} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  )
}

function FailureCard({ failure }: { failure: Answer<'/v1/failures'>['failures'][number] }) {
  const { code, cause, message, action, stages, failedJobs, retryingJobs, firstAt, lastAt, documents } = failure
  return (
    <Card
      title={capitalized(code)}
      actions={
        <Group gap={6}>
          {failedJobs > 0 && <Mark tone="bad">{failedJobs} failed</Mark>}
          {retryingJobs > 0 && <Mark tone="wait">{retryingJobs} retrying</Mark>}
        </Group>
      }
    >
      <Text size="sm" fw={600}>
        {message}
      </Text>
      {cause !== null && (
        <Text size="sm" c="dimmed">
          {cause}
        </Text>
      )}
      <Text size="sm" mt={6}>
        <strong>What to do:</strong> {action}
      </Text>
      <Text size="sm" c="dimmed" mt={6}>
        At {stages.join(', ')}; first <Moment at={firstAt} />, last <Moment at={lastAt} />
      </Text>
      <Group gap="md" mt={10}>
        <Text size="sm">{plural(failedJobs + retryingJobs, 'document')}:</Text>
        {documents.map(({ documentId, jobId, fileName }) => (
          <AppLink key={jobId} to={paths.document(documentId)}>
            {fileName}
          </AppLink>
        ))}
        {failedJobs + retryingJobs > documents.length && (
          <AppLink to={paths.documentsInState('failed')}>all that failed</AppLink>
        )}
      </Group>
    </Card>
  )
}
