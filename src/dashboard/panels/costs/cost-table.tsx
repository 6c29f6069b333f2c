import { Anchor, Table, Text } from '@mantine/core'
import { AppLink } from '../../shared/app-link.tsx'
import { Empty } from '../../shared/card.tsx'
import type { CostSums } from '../../shared/costs.http.ts'
import { usd } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { capitalized, count } from '../../shared/words.ts'
import type { CostKey } from './cost-keys.ts'

type Row = CostSums['rows'][number]

interface CostTableProps {
  rows: readonly Row[]
  by: CostKey
  onDay: (day: string) => void
}

/** Sums, one a row; a day or a document leads to its lines. */
export function CostTable({ rows, by, onDay }: CostTableProps) {
  if (rows.length === 0)
    return <Empty title="Nothing was booked in this range">Choose a longer one, or bring a document in.</Empty>
  const number = { ta: 'right' as const, style: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' as const } }
  return (
    <Table miw={780}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{capitalized(by)}</Table.Th>
          <Table.Th ta="right">Calls</Table.Th>
          <Table.Th ta="right">Pages</Table.Th>
          <Table.Th ta="right">Tokens</Table.Th>
          <Table.Th ta="right">Paid</Table.Th>
          <Table.Th ta="right">Held</Table.Th>
          <Table.Th ta="right">Would have cost</Table.Th>
          <Table.Th ta="right">Avoided</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(row => (
          <Table.Tr key={[row.day, row.service, row.provider, row.model, row.documentId, row.tenantId].join(' ')}>
            <Table.Td>
              <Name row={row} onDay={onDay} />
            </Table.Td>
            <Table.Td {...number}>{count(row.calls)}</Table.Td>
            <Table.Td {...number}>{count(Number(row.units.pages))}</Table.Td>
            <Table.Td {...number}>{count(Number(row.units.tokens))}</Table.Td>
            <Table.Td {...number}>{usd(row.costNanoUsd)}</Table.Td>
            <Table.Td {...number}>{usd(row.heldNanoUsd)}</Table.Td>
            <Table.Td {...number}>{usd(row.shadowNanoUsd)}</Table.Td>
            <Table.Td {...number}>
              {usd(row.avoidedNanoUsd === '0' ? row.avoidedShadowNanoUsd : row.avoidedNanoUsd)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Name({ row, onDay }: { row: Row; onDay: (day: string) => void }) {
  const { day, documentId, fileName, tenantId, service, provider, model } = row
  if (day !== undefined)
    return (
      <Anchor component="button" type="button" size="sm" onClick={() => onDay(day)}>
        {day}
      </Anchor>
    )
  if (documentId !== undefined) {
    if (documentId === null) return `no document (searches)${tenantId === undefined ? '' : ` of ${tenantId}`}`
    if (fileName == null) return 'deleted document'
    return (
      <AppLink to={paths.document(documentId)} tenant={tenantId}>
        {fileName}
      </AppLink>
    )
  }
  if (tenantId !== undefined) return tenantId
  return (
    <>
      {capitalized(service ?? '')}
      {model !== undefined && (
        <Text size="xs" c="dimmed">
          {provider} {model}
        </Text>
      )}
    </>
  )
}
