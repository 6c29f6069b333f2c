import { Button, Group, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'
import { usd } from '../../shared/money.ts'
import { useCaller } from '../../shared/use-caller.ts'
import { count } from '../../shared/words.ts'
import type { Doubt } from './doubt.ts'
import { ResolveDialog } from './resolve-dialog.tsx'

type Asked = { call: Doubt; outcome: 'charged' | 'not_charged' }

/** Calls that may have been charged, and nobody knows yet: their money stays held until somebody says what became of them. */
export function DoubtsCard() {
  const [asked, setAsked] = useState<Asked | null>(null)
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
            <DoubtTable calls={data.calls} onAsk={setAsked} />
          )
        }
      </Loaded>
      {asked !== null && <ResolveDialog {...asked} onClose={() => setAsked(null)} />}
    </Card>
  )
}

function DoubtTable({ calls, onAsk }: { calls: readonly Doubt[]; onAsk: (asked: Asked) => void }) {
  const { isAdmin } = useCaller()
  return (
    <Table miw={isAdmin ? 940 : 640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Since</Table.Th>
          <Table.Th>Tenant</Table.Th>
          <Table.Th>Provider</Table.Th>
          <Table.Th ta="right">Units</Table.Th>
          <Table.Th ta="right">Held</Table.Th>
          <Table.Th>Note</Table.Th>
          {isAdmin && <Table.Th>By the provider’s bill</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {calls.map(call => (
          <Table.Tr key={call.callId}>
            <Table.Td>
              <Moment at={call.heldAt} />
            </Table.Td>
            <Table.Td>{call.tenantId}</Table.Td>
            <Table.Td>
              {call.provider} {call.model}
            </Table.Td>
            <Table.Td ta="right">{count(Number(call.units))}</Table.Td>
            <Table.Td ta="right">{usd(call.heldNanoUsd)}</Table.Td>
            <Table.Td maw={320}>{call.note ?? '–'}</Table.Td>
            {isAdmin && (
              <Table.Td>
                <Group gap="xs" wrap="nowrap">
                  <Button size="compact-sm" variant="default" onClick={() => onAsk({ call, outcome: 'charged' })}>
                    Charged
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => onAsk({ call, outcome: 'not_charged' })}>
                    Not charged
                  </Button>
                </Group>
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
