import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Page } from '../../shared/page.tsx'
import { useNamedTenant } from '../../shared/use-tenants.ts'
import { BulkActions } from './bulk-actions.tsx'
import { DocumentTable } from './document-table.tsx'
import { FilterBar, useFilters } from './filters.tsx'
import { NoDocuments } from './no-documents.tsx'
import { UploadBox } from './upload-box.tsx'

/** All documents of the tenant: bring in, find, act on many. */
export function DocumentsPage() {
  const tenant = useNamedTenant()
  const [filters, setFilters] = useFilters()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const list = useInfiniteQuery({
    queryKey: ['documents', 'list', filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/documents', {
          params: { query: { ...filters, limit: 50, ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    placeholderData: previous => previous,
  })
  const documents = list.data?.pages.flatMap(page => page.items) ?? []
  const chosen = documents.filter(document => selected.has(document.documentId))
  return (
    <Page
      title="Documents"
      about={`What ${tenant === null ? 'was' : `tenant ${tenant} has`} brought in, and how far it is.`}
    >
      <Stack gap="md">
        <UploadBox />
        <FilterBar filters={filters} onChange={setFilters} />
        <Card flush>
          <BulkActions documents={chosen} onDone={() => setSelected(new Set())} />
          <Loaded query={list} height={480}>
            {() =>
              documents.length === 0 ? (
                <NoDocuments isFiltered={Object.keys(filters).length > 0} />
              ) : (
                <DocumentTable documents={documents} selected={selected} onSelect={setSelected} />
              )
            }
          </Loaded>
        </Card>
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {documents.length} shown, newest first
          </Text>
          {list.hasNextPage && (
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              Show more
            </Button>
          )}
        </Group>
      </Stack>
    </Page>
  )
}
