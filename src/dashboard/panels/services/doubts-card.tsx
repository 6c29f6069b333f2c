import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'
import { usd } from '../../shared/money.ts'
import { count } from '../../shared/words.ts'

/** Calls that may have been charged, and nobody knows yet: their money stays held. */
export function DoubtsCard() {
  const calls = useQuery({ queryKey: ['calls', 'unknown'], queryFn: () => answerOf(api.GET('/v1/calls')) })
  return (
    <Card title="Calls in doubt" flush>
      <Loaded query={calls} height={110}>
        {data =>
          data.calls.length === 0 ? (
            <Empty title="No call is in doubt">
              Where an answer was lost, the money stays held here until it is known what became of the call.
            </Empty>
          ) : (
            <Table miw={640}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Since</Table.Th>
                  <Table.Th>Provider</Table.Th>
                  <Table.Th ta="right">Units</Table.Th>
                  <Table.Th ta="right">Held</Table.Th>
                  <Table.Th>Note</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.calls.map(call => (
                  <Table.Tr key={call.callId}>
                    <Table.Td>
                      <Moment at={call.heldAt} />
                    </Table.Td>
                    <Table.Td>
                      {call.provider} {call.model}
                    </Table.Td>
                    <Table.Td ta="right">{count(Number(call.units))}</Table.Td>
                    <Table.Td ta="right">{usd(call.heldNanoUsd)}</Table.Td>
                    <Table.Td>{call.note ?? '–'}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Card>
  )
}
