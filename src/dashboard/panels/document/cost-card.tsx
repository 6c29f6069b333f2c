import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Card, Empty } from '../../shared/card.tsx'
import { readLines } from '../../shared/costs.http.ts'
import { LedgerTable } from '../../shared/ledger-table.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { usd } from '../../shared/money.ts'

/** What the document cost, line by line of the books. */
export function CostCard({ documentId }: { documentId: string }) {
  const lines = useQuery({
    queryKey: ['document', documentId, 'lines'],
    queryFn: () => readLines({ document: documentId, from: '2020-01-01', to: '8999-01-01', limit: 200 }),
    placeholderData: previous => previous,
  })
  return (
    <Card
      title="Costs"
      flush
      actions={
        lines.data && (
          <Text size="sm">
            paid <strong>{usd(lines.data.totals.costNanoUsd)}</strong>
            {lines.data.totals.shadowNanoUsd === lines.data.totals.costNanoUsd
              ? ''
              : `, at the real services ${usd(lines.data.totals.shadowNanoUsd)}`}
          </Text>
        )
      }
    >
      <Loaded query={lines} height={150}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing was booked yet">
              Each paid or simulated call for this document comes here as it is made.
            </Empty>
          ) : (
            <LedgerTable lines={rows} />
          )
        }
      </Loaded>
    </Card>
  )
}
