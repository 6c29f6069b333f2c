import { Checkbox, Group, Table, Text } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { ResultMarks, StateMark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { paths } from '../../shared/paths.ts'
import { bytes, count, withMoments } from '../../shared/words.ts'

export type DocumentRow = Answer<'/v1/documents'>['items'][number]

interface DocumentTableProps {
  documents: readonly DocumentRow[]
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
}

export function DocumentTable({ documents, selected, onSelect }: DocumentTableProps) {
  const areAll = documents.every(({ documentId }) => selected.has(documentId))
  const toggle = (documentId: string) => {
    const next = new Set(selected)
    if (!next.delete(documentId)) next.add(documentId)
    onSelect(next)
  }
  return (
    <Table highlightOnHover miw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={44}>
            <Checkbox
              aria-label="Select all that are shown"
              checked={areAll}
              indeterminate={!areAll && selected.size > 0}
              onChange={() => onSelect(new Set(areAll ? [] : documents.map(({ documentId }) => documentId)))}
            />
          </Table.Th>
          <Table.Th>File</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Pages</Table.Th>
          <Table.Th ta="right">Chunks</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
          <Table.Th>Uploaded</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {documents.map(document => (
          <Row
            key={document.documentId}
            document={document}
            isSelected={selected.has(document.documentId)}
            onToggle={toggle}
          />
        ))}
      </Table.Tbody>
    </Table>
  )
}

interface RowProps {
  document: DocumentRow
  isSelected: boolean
  onToggle: (documentId: string) => void
}

function Row({
  document: { documentId, fileName, fileType, byteCount, createdAt, live, job, tags },
  isSelected,
  onToggle,
}: RowProps) {
  const numbers = { ta: 'right' as const, style: { fontVariantNumeric: 'tabular-nums' } }
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox aria-label={`Select ${fileName}`} checked={isSelected} onChange={() => onToggle(documentId)} />
      </Table.Td>
      <Table.Td maw={340}>
        <AppLink to={paths.document(documentId)}>{fileName}</AppLink>
        <Text size="xs" c="dimmed" truncate>
          {[fileType, ...tags].join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <StateMark state={job.state} stage={job.stage} />
          {live && <ResultMarks provenance={live.provenance} stays={live.rolledBackAt !== null} />}
        </Group>
        {(job.deferral ?? job.error) && (
          <Text size="xs" c="dimmed" maw={360} lineClamp={1} mt={2}>
            {withMoments(job.deferral?.message ?? job.error?.message ?? '')}
          </Text>
        )}
      </Table.Td>
      <Table.Td {...numbers}>{live ? count(live.pageCount) : '–'}</Table.Td>
      <Table.Td {...numbers}>{live ? count(live.chunkCount) : '–'}</Table.Td>
      <Table.Td {...numbers}>{bytes(byteCount)}</Table.Td>
      <Table.Td>
        <Moment at={createdAt} />
      </Table.Td>
    </Table.Tr>
  )
}
