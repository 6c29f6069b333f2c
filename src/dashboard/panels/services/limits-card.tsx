import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { capitalized, count } from '../../shared/words.ts'
import { RoomBar } from './room-bar.tsx'

type Account = Answer<'/v1/providers/limits'>['accounts'][number]

/** What the accounts of providers may still be sent within their limits, and when there is room again. */
export function LimitsCard() {
  const limits = useQuery({
    queryKey: ['providers', 'limits'],
    queryFn: () => answerOf(api.GET('/v1/providers/limits')),
  })
  return (
    <Card
      title="Room in the providers’ limits"
      flush
      actions={
        limits.dataUpdatedAt > 0 && (
          <Text size="xs" c="dimmed">
            as of <Moment at={new Date(limits.dataUpdatedAt).toISOString()} />
          </Text>
        )
      }
    >
      <Loaded query={limits} height={140}>
        {({ accounts }) =>
          accounts.length === 0 ? (
            <Empty title="No limit is known">
              Providers tell their limits with their first answers; the simulator of embeddings has none.
            </Empty>
          ) : (
            <Table miw={820}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Account</Table.Th>
                  <Table.Th>Used, of its limits</Table.Th>
                  <Table.Th>Takes a request</Table.Th>
                  <Table.Th>At once, in this process</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {accounts.map(account => (
                  <AccountRow key={`${account.provider} ${account.key} ${account.model}`} account={account} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Card>
  )
}

function AccountRow({
  account: { provider, model, simulated, key, limits, freeAt, closedUntil, atOnce },
}: {
  account: Account
}) {
  return (
    <Table.Tr>
      <Table.Td>
        {provider} {model}
        {simulated ? (
          <div>
            <Mark tone="stand">Simulated</Mark>
          </div>
        ) : (
          <Text size="xs" c="dimmed">
            key {key}…
          </Text>
        )}
      </Table.Td>
      <Table.Td miw={300}>
        <Stack gap={8}>
          {limits.length === 0 && 'It has not told any yet'}
          {limits.map(({ unit, limit, used, spanSeconds }) => (
            <div key={unit}>
              <Text size="sm">
                {capitalized(unit)}: {count(used)} of {count(limit)} {saySpan(spanSeconds)}
              </Text>
              <RoomBar used={used} limit={limit} about={`${capitalized(unit)} used of ${provider}`} />
            </div>
          ))}
        </Stack>
      </Table.Td>
      <Table.Td>
        {freeAt === null ? (
          <Mark tone="good">Now</Mark>
        ) : (
          <>
            <Mark tone={closedUntil === null ? 'wait' : 'bad'}>{closedUntil === null ? 'Full' : 'Closed'}</Mark>
            <Text size="xs" c="dimmed" mt={2}>
              again at <Moment at={freeAt} />
              {closedUntil !== null && ', by its own word'}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td>
        {atOnce === null ? (
          '–'
        ) : (
          <>
            {atOnce.underWay} of {atOnce.most}
            {atOnce.waiting > 0 && (
              <Text size="xs" c="dimmed">
                {atOnce.waiting} wait
              </Text>
            )}
          </>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function saySpan(seconds: number): string {
  return seconds === 60 ? 'a minute' : `in ${seconds} s`
}
