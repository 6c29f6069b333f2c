import { Group, Pagination, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { plural } from '../../shared/words.ts'
import styles from './document.module.css'
import { PageText } from './page-text.tsx'

interface PagesCardProps {
  documentId: string
  versionId: string
  pageCount: number
}

/** The text of a page beside the chunks that were cut from it. The page stands in the URL. */
export function PagesCard({ documentId, versionId, pageCount }: PagesCardProps) {
  const [params, setParams] = useSearchParams()
  const [chosen, setChosen] = useState<number | null>(null)
  const pageNumber = Math.min(pageCount, Math.max(1, Number(params.get('page')) || 1))
  const path = { params: { path: { documentId, pageNumber } } }
  const page = useQuery({
    queryKey: ['document', documentId, 'page', versionId, pageNumber],
    queryFn: async () => {
      const text = answerOf(api.GET('/v1/documents/{documentId}/pages/{pageNumber}', path))
      const cut = answerOf(api.GET('/v1/documents/{documentId}/pages/{pageNumber}/chunks', path))
      return { markdown: (await text).markdown, chunks: (await cut).chunks }
    },
    placeholderData: previous => previous,
  })
  const turn = (number: number) => {
    setChosen(null)
    setParams(
      present => {
        present.set('page', String(number))
        return present
      },
      { replace: true },
    )
  }
  return (
    <Card
      title="Pages and chunks"
      actions={
        pageCount > 1 && (
          <Pagination
            size="sm"
            value={pageNumber}
            onChange={turn}
            total={pageCount}
            siblings={1}
            getItemProps={number => ({ 'aria-label': `Page ${number}` })}
            getControlProps={control => ({ 'aria-label': `${control} page` })}
          />
        )
      }
    >
      <Loaded query={page} height={460}>
        {({ markdown, chunks }) => (
          <div className={styles.sides}>
            <PageText markdown={markdown} chunks={chunks} chosen={chosen} />
            <section className={styles.chunks} aria-label="Chunks of this page">
              {chunks.length === 0 && (
                <Empty title="No chunk on this page">It is empty, or its text is in a chunk of another page.</Empty>
              )}
              {chunks.map(chunk => (
                <button
                  key={chunk.ordinal}
                  type="button"
                  className={styles.chunkButton}
                  aria-pressed={chunk.ordinal === chosen}
                  onClick={() => setChosen(chunk.ordinal === chosen ? null : chunk.ordinal)}
                >
                  <Group justify="space-between" gap="xs">
                    <Text size="sm" fw={620}>
                      Chunk {chunk.ordinal}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {plural(chunk.tokenCount, 'token')}
                    </Text>
                  </Group>
                  <Text size="xs" c="dimmed">
                    {chunk.headingPath.join(' › ') || 'no heading'}
                  </Text>
                  <Text size="sm" lineClamp={2} mt={4}>
                    {chunk.text}
                  </Text>
                </button>
              ))}
            </section>
          </div>
        )}
      </Loaded>
    </Card>
  )
}
