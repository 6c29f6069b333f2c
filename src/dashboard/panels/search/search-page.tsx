import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useSearchParams } from 'wouter'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Icon } from '../../shared/icons.tsx'
import { Failure } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Page } from '../../shared/page.tsx'
import { useNamedTenant } from '../../shared/use-tenants.ts'
import { duration, plural } from '../../shared/words.ts'
import { HitCard } from './hit-card.tsx'

/** Asks the search as programs do, and shows why each hit is where it is. The question stands in the URL. */
export function SearchPage() {
  const tenant = useNamedTenant()
  const [params, setParams] = useSearchParams()
  const query = params.get('q') ?? ''
  const k = Number(params.get('k')) || 10
  const [text, setText] = useState(query)
  // A search is a paid call where the provider is real: it is made when somebody asks, and again by no event.
  const found = useQuery({
    queryKey: ['search', query, k],
    queryFn: async () => await answerOf(api.POST('/v1/search', { body: { query, k } })),
    enabled: query !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ask = (event: FormEvent) => {
    event.preventDefault()
    setParams(present => {
      present.set('q', text.trim())
      return present
    })
  }
  return (
    <Page
      title="Search"
      about={`${tenant === null ? 'By' : `In the documents of tenant ${tenant}, by`} meaning and by words, as programs get it.`}
    >
      <Stack gap="md">
        <form onSubmit={ask}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Question"
              placeholder="Why did the water taste of earth in August?"
              value={text}
              onChange={event => setText(event.currentTarget.value)}
              flex="1 1 260px"
              size="md"
              leftSection={<Icon name="search" />}
            />
            <NativeSelect
              label="Hits"
              size="md"
              value={String(k)}
              data={['5', '10', '25', '50']}
              onChange={event => {
                const hits = event.currentTarget.value
                setParams(present => {
                  present.set('k', hits)
                  return present
                })
              }}
            />
            <Button type="submit" size="md" disabled={text.trim() === ''} loading={found.isFetching}>
              Search
            </Button>
          </Group>
        </form>
        {query === '' && (
          <Card>
            <Empty title="Ask something">
              The best passages come with their file, page and heading, and how they scored.
            </Empty>
          </Card>
        )}
        {found.error !== null && <Failure error={found.error} />}
        {found.isLoading && <Skeleton height={420} radius="md" aria-label="Loading" />}
        {found.data && <Summary answer={found.data} />}
        {found.data?.hits.map((hit, i) => (
          <HitCard key={`${hit.versionId} ${hit.ordinal}`} hit={hit} place={i + 1} />
        ))}
      </Stack>
    </Page>
  )
}

interface SummaryProps {
  answer: {
    hits: readonly unknown[]
    method: 'hybrid' | 'full_text'
    degraded: string | null
    space: { model: string; dimensions: number; simulated: boolean } | null
    tookMs: number
  }
}

function Summary({ answer: { hits, method, degraded, space, tookMs } }: SummaryProps) {
  return (
    <>
      {degraded !== null && (
        <Alert color="orange" title="Degraded: not all of it was searched by meaning">
          {degraded}
        </Alert>
      )}
      <Group gap="xs">
        <Text size="sm">
          <strong>{plural(hits.length, 'hit')}</strong> in {duration(tookMs)},{' '}
          {method === 'hybrid' ? 'by meaning and by words' : 'by words alone'}
        </Text>
        {space && (
          <Text size="sm" c="dimmed">
            in {space.model}, {space.dimensions} dimensions
          </Text>
        )}
        {space?.simulated && <Mark tone="stand">Simulated vectors</Mark>}
        {degraded !== null && <Mark tone="wait">Degraded</Mark>}
      </Group>
      {hits.length === 0 && (
        <Card>
          <Empty title="Nothing was found">
            Other words may help; a document is found once its newest version is live.
          </Empty>
        </Card>
      )}
    </>
  )
}
