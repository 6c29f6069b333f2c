import { Button, Group, Table } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Icon } from '../../shared/icons.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { tellDone, tellFailure } from '../../shared/tell.ts'
import { capitalized } from '../../shared/words.ts'
import { ReceiverDialog } from './receiver-dialog.tsx'

type Receiver = Answer<'/v1/alert-receivers'>['receivers'][number]

/** Whom alerts are told, and how that goes. */
export function ReceiversCard() {
  const [adding, setAdding] = useState(false)
  const receivers = useQuery({
    queryKey: ['alerts', 'receivers'],
    queryFn: () => answerOf(api.GET('/v1/alert-receivers')),
  })
  return (
    <Card
      title="Who is told"
      flush
      actions={
        <Button size="compact-sm" leftSection={<Icon name="plus" size={14} />} onClick={() => setAdding(true)}>
          Tell somebody
        </Button>
      }
    >
      <Loaded query={receivers} height={130}>
        {data =>
          data.receivers.length === 0 ? (
            <Empty title="Nobody is told">
              Alerts stay on this page until a webhook, a Slack channel or a mail address is told them.
            </Empty>
          ) : (
            <Table miw={820}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>By</Table.Th>
                  <Table.Th>Address</Table.Th>
                  <Table.Th>Alerts</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th aria-label="Acts" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.receivers.map(receiver => (
                  <ReceiverRow key={receiver.receiverId} receiver={receiver} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      {adding && <ReceiverDialog canMail={receivers.data?.canMail ?? false} onClose={() => setAdding(false)} />}
    </Card>
  )
}

function ReceiverRow({ receiver }: { receiver: Receiver }) {
  const { receiverId, name, kind, address, alertKinds, tenantId, isOn, dead } = receiver
  const params = { path: { receiverId } }
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: ['alerts'] })
  const test = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/alert-receivers/{receiverId}/test', { params })),
    onSuccess: ({ ok, failure, milliseconds }) =>
      ok ? tellDone(`${name} took the test after ${milliseconds} ms`) : tellFailure(new Error(`${name}: ${failure}`)),
    onError: tellFailure,
  })
  const change = useMutation({
    mutationFn: () => answerOf(api.PATCH('/v1/alert-receivers/{receiverId}', { params, body: { isOn: !isOn } })),
    onSuccess,
    onError: tellFailure,
  })
  const remove = useMutation({
    mutationFn: () => answerOf(api.DELETE('/v1/alert-receivers/{receiverId}', { params })),
    onSuccess,
    onError: tellFailure,
  })
  const replay = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/alert-receivers/{receiverId}/replay', { params })),
    onSuccess: async ({ replayed }) => {
      tellDone(`${replayed} will be told again`)
      await onSuccess()
    },
    onError: tellFailure,
  })
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>{capitalized(kind)}</Table.Td>
      <Table.Td maw={320} style={{ overflowWrap: 'anywhere' }}>
        {address}
      </Table.Td>
      <Table.Td maw={220}>
        {alertKinds === null ? 'All' : alertKinds.map(capitalized).join(', ')}
        {tenantId !== '*' && `, of ${tenantId}`}
      </Table.Td>
      <Table.Td>
        <State receiver={receiver} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {dead > 0 && (
            <Button size="compact-sm" variant="subtle" loading={replay.isPending} onClick={() => replay.mutate()}>
              Replay
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button size="compact-sm" variant="subtle" loading={change.isPending} onClick={() => change.mutate()}>
            {isOn ? 'Switch off' : 'Switch on'}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Remove
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function State({ receiver: { isOn, offReason, pending, dead } }: { receiver: Receiver }) {
  if (!isOn)
    return (
      <Mark tone="calm" {...(offReason !== null && { about: offReason })}>
        Off
      </Mark>
    )
  if (dead > 0) return <Mark tone="bad">{`${dead} given up`}</Mark>
  return pending > 0 ? <Mark tone="wait">{`${pending} pending`}</Mark> : <Mark tone="good">On</Mark>
}
