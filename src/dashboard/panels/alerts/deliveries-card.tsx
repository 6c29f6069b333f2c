import { Button, Group, SegmentedControl, Table } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark, type Tone } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { tellDone, tellFailure } from '../../shared/tell.ts'
import { capitalized } from '../../shared/words.ts'

type Delivery = Answer<'/v1/alert-deliveries'>['items'][number]
type State = Delivery['state']

const tones: Record<State, Tone> = { pending: 'wait', delivered: 'good', dead: 'bad' }
const words: Record<State, string> = { pending: 'Pending', delivered: 'Delivered', dead: 'Given up' }

/** What became of telling alerts; what was given up can be told again. */
export function DeliveriesCard() {
  const [state, setState] = useState<State | 'all'>('all')
  const deliveries = useInfiniteQuery({
    queryKey: ['alerts', 'deliveries', state],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/alert-deliveries', {
          params: {
            query: { limit: 20, ...(state !== 'all' && { state }), ...(pageParam !== null && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
  })
  return (
    <Card
      title="Deliveries"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which deliveries"
          value={state}
          onChange={value => setState(value as State | 'all')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'pending', label: 'Pending' },
            { value: 'dead', label: 'Given up' },
          ]}
        />
      }
    >
      <Loaded query={deliveries} height={130}>
        {({ pages }) => {
          const items = pages.flatMap(page => page.items)
          return items.length === 0 ? (
            <Empty title="No deliveries">Each alert that somebody is told has a line here, with every attempt.</Empty>
          ) : (
            <DeliveryTable items={items} />
          )
        }}
      </Loaded>
      {deliveries.hasNextPage && (
        <Group justify="center" p="xs">
          <Button variant="subtle" loading={deliveries.isFetchingNextPage} onClick={() => deliveries.fetchNextPage()}>
            More
          </Button>
        </Group>
      )}
    </Card>
  )
}

function DeliveryTable({ items }: { items: readonly Delivery[] }) {
  return (
    <Table miw={820}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Created</Table.Th>
          <Table.Th>To</Table.Th>
          <Table.Th>Alert</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Attempts</Table.Th>
          <Table.Th>Last</Table.Th>
          <Table.Th aria-label="Acts" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map(delivery => (
          <DeliveryRow key={delivery.deliveryId} delivery={delivery} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { deliveryId, createdAt, receiverName, kind, subject, event, state, attempts, nextAt } = delivery
  const client = useQueryClient()
  const replay = useMutation({
    mutationFn: () =>
      answerOf(api.POST('/v1/alert-deliveries/{deliveryId}/replay', { params: { path: { deliveryId } } })),
    async onSuccess() {
      tellDone(`${receiverName} will be told again`)
      await client.invalidateQueries({ queryKey: ['alerts'] })
    },
    onError: tellFailure,
  })
  return (
    <Table.Tr>
      <Table.Td>
        <Moment at={createdAt} />
      </Table.Td>
      <Table.Td>{receiverName}</Table.Td>
      <Table.Td maw={280} style={{ overflowWrap: 'anywhere' }}>
        {capitalized(kind)}
        {event === 'recovered' && ', over'}: {subject}
      </Table.Td>
      <Table.Td>
        <Mark tone={tones[state]}>{words[state]}</Mark>
      </Table.Td>
      <Table.Td ta="right">{attempts}</Table.Td>
      <Table.Td maw={260} style={{ overflowWrap: 'anywhere' }}>
        {sayLast(delivery)}
        {nextAt !== null && attempts > 0 && (
          <>
            {'; again '}
            <Moment at={nextAt} />
          </>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {state !== 'pending' && (
          <Button size="compact-sm" variant="subtle" loading={replay.isPending} onClick={() => replay.mutate()}>
            Replay
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function sayLast({ attempts, lastFailure, lastStatus }: Delivery): string {
  if (attempts === 0) return 'not tried yet'
  return lastFailure ?? (lastStatus === null ? 'taken' : `answered with ${lastStatus}`)
}
