import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Card, Empty } from '../../shared/card.tsx'
import { type CostWish, readLines } from '../../shared/costs.http.ts'
import { LedgerTable } from '../../shared/ledger-table.tsx'
import { Loaded } from '../../shared/loaded.tsx'

/** The newest lines of the books in the range. */
export function LinesCard({ scope, actions }: { scope: Omit<CostWish, 'by'>; actions: ReactNode }) {
  const lines = useQuery({
    queryKey: ['costs', 'lines', scope],
    queryFn: () => readLines({ ...scope, limit: 50 }),
    placeholderData: previous => previous,
  })
  return (
    <Card title="Lines of the books, the newest 50" flush actions={<Group gap="xs">{actions}</Group>}>
      <Loaded query={lines} height={320}>
        {({ rows }) =>
          rows.length === 0 ? <Empty title="No line in this range" /> : <LedgerTable lines={rows} withDocument />
        }
      </Loaded>
    </Card>
  )
}
