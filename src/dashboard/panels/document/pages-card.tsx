import { Group, NativeSelect, Pagination } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { moment } from '../../shared/words.ts'
import { ChunkList } from './chunk-list.tsx'
import styles from './document.module.css'
import type { Version } from './document-detail.ts'
import { PageText } from './page-text.tsx'

interface PagesCardProps {
  documentId: string
  versions: readonly Version[]
}

/** The text of a page beside the chunks that were cut from it, of the live version or another one. Page and version stand in the URL. */
export function PagesCard({ documentId, versions }: PagesCardProps) {
  const [params, setParams] = useSearchParams()
  const readable = versions.filter(({ pageCount }) => pageCount !== null)
  const named = readable.find(({ versionId }) => versionId === params.get('version'))
  const shown = named ?? readable.find(({ live }) => live) ?? readable[0]
  if (shown === undefined) return null
  const change = (changed: Record<string, string | null>) =>
    setParams(
      present => {
        for (const [name, value] of Object.entries(changed)) {
          if (value === null) present.delete(name)
          else present.set(name, value)
        }
        return present
      },
      { replace: true },
    )
  const { versionId, pageCount } = shown
  const pages = Math.max(1, pageCount ?? 1)
  const pageNumber = Math.min(pages, Math.max(1, Math.floor(Number(params.get('page'))) || 1))
  return (
    <Card
      title="Pages and chunks"
      actions={
        <Group gap="sm">
          {readable.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Version"
              value={versionId}
              onChange={({ currentTarget: { value } }) => change({ version: value, page: null })}
              data={readable.map(version => ({ value: version.versionId, label: sayVersion(version) }))}
            />
          )}
          {pages > 1 && (
            <Pagination
              size="sm"
              value={pageNumber}
              onChange={number => change({ page: String(number) })}
              total={pages}
              siblings={1}
              getItemProps={number => ({ 'aria-label': `Page ${number}` })}
              getControlProps={control => ({ 'aria-label': `${control} page` })}
            />
          )}
        </Group>
      }
    >
      <PageView documentId={documentId} versionId={versionId} pageNumber={pageNumber} />
    </Card>
  )
}

function sayVersion({ versionId, live, createdAt }: Version): string {
  return `${live ? 'Live' : 'Not live'}: ${moment(createdAt)}, ${versionId.slice(-6)}`
}

interface PageViewProps {
  documentId: string
  versionId: string
  pageNumber: number
}

function PageView({ documentId, versionId, pageNumber }: PageViewProps) {
  const here = `${versionId} ${pageNumber}`
  const [chosen, setChosen] = useState<{ at: string; ordinal: number | null }>({ at: here, ordinal: null })
  const ordinal = chosen.at === here ? chosen.ordinal : null
  const params = { path: { documentId, pageNumber }, query: { version: versionId } }
  const page = useQuery({
    queryKey: ['document', documentId, 'page', versionId, pageNumber],
    queryFn: async () => {
      const text = answerOf(api.GET('/v1/documents/{documentId}/pages/{pageNumber}', { params }))
      const cut = answerOf(api.GET('/v1/documents/{documentId}/pages/{pageNumber}/chunks', { params }))
      return { markdown: (await text).markdown, chunks: (await cut).chunks }
    },
    placeholderData: previous => previous,
  })
  return (
    <Loaded query={page} height={460}>
      {({ markdown, chunks }) => (
        <div className={styles.sides}>
          <PageText markdown={markdown} chunks={chunks} chosen={ordinal} />
          <ChunkList chunks={chunks} chosen={ordinal} onChoose={next => setChosen({ at: here, ordinal: next })} />
        </div>
      )}
    </Loaded>
  )
}
