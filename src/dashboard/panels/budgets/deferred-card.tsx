import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { AppLink } from '../../shared/app-link.tsx'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'
import { usd } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { deferredQuery } from '../../shared/queries.ts'

/** The documents that wait for money, what each needs, and when it is looked at again. */
export function DeferredCard() {
  const waiting = useQuery(deferredQuery)
  return (
    <Card title="Waits for money" flush>
      <Loaded query={waiting} height={140}>
        {({ items }) => {
          const forMoney = items.filter(({ deferral }) => deferral?.reason === 'budget')
          if (forMoney.length === 0)
            return <Empty title="Nothing waits for money">Every call so far fitted into the budgets.</Empty>
          return (
            <Table miw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Document</Table.Th>
                  <Table.Th>Budget</Table.Th>
                  <Table.Th ta="right">Needs</Table.Th>
                  <Table.Th ta="right">Missing</Table.Th>
                  <Table.Th>Goes on</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {forMoney.slice(0, 50).map(({ jobId, documentId, fileName, deferral, stage }) => (
                  <Table.Tr key={jobId}>
                    <Table.Td>
                      <AppLink to={paths.document(documentId)}>{fileName}</AppLink>
                      <Text size="xs" c="dimmed">
                        at {stage}
                      </Text>
                    </Table.Td>
                    <Table.Td>{deferral?.budget?.budgetId}</Table.Td>
                    <Table.Td ta="right">{deferral?.neededNanoUsd && usd(deferral.neededNanoUsd)}</Table.Td>
                    <Table.Td ta="right">{deferral?.missingNanoUsd && usd(deferral.missingNanoUsd)}</Table.Td>
                    <Table.Td>
                      {deferral?.resumesAt ? <Moment at={deferral.resumesAt} /> : 'when there is room'}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }}
      </Loaded>
    </Card>
  )
}
