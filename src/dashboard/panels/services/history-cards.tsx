import { SimpleGrid, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { usd } from '../../shared/money.ts'
import { spanOf, useTimeRange } from '../../shared/time-range.ts'
import { count, duration, plural } from '../../shared/words.ts'

type Record = Answer<'/v1/providers/history'>['records'][number]

const services = [
  ['parse', 'Parsing'],
  ['embed', 'Embedding'],
] as const

/** Real and simulated providers beside each other, by what they did in the range. Loaded once: it sums the books. */
export function HistoryCards() {
  const [range] = useTimeRange()
  const history = useQuery({
    queryKey: ['history', range],
    queryFn: () => answerOf(api.GET('/v1/providers/history', { params: { query: spanOf(range) } })),
    placeholderData: previous => previous,
  })
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      {services.map(([service, title]) => (
        <Card key={service} title={`${title}: real beside simulated`} flush>
          <Loaded query={history} height={330}>
            {({ records }) => <SideBySide records={records.filter(record => record.service === service)} />}
          </Loaded>
        </Card>
      ))}
    </SimpleGrid>
  )
}

const lines: [label: string, about: string, value: (record: Record) => ReactNode][] = [
  ['Calls', 'in the books', ({ calls }) => count(calls)],
  ['Documents', '', ({ documents }) => count(documents)],
  ['A document', 'paid, on average', ({ perDocument, simulated }) => amounts(perDocument, simulated)],
  ['Units', 'pages or tokens', ({ unit, units }) => plural(Number(units), unit)],
  ['A page, or a million tokens', 'paid, on average', ({ perUnits, simulated }) => amounts(perUnits, simulated)],
  ['Latency p50', 'at most', record => latency(record, 'p50')],
  ['Latency p95', 'at most', record => latency(record, 'p95')],
  ['Latency p99', 'at most', record => latency(record, 'p99')],
  ['Faults', 'of the calls measured', ({ measured }) => faults(measured)],
  ['Refused as too many', '', ({ measured }) => (measured ? count(measured.limited) : '–')],
]

function SideBySide({ records }: { records: readonly Record[] }) {
  if (records.length === 0)
    return <Empty title="No call in this range">What each provider did comes here with its first call.</Empty>
  return (
    <Table miw={190 + 150 * records.length}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>
            <Text span size="xs" c="dimmed">
              by the books and at the calls
            </Text>
          </Table.Th>
          {records.map(({ provider, simulated, models }) => (
            <Table.Th key={`${provider} ${simulated}`} ta="right" style={{ verticalAlign: 'top' }}>
              <div title={models.join(', ')}>{provider}</div>
              <Mark tone={simulated ? 'stand' : 'good'}>{simulated ? 'Simulated' : 'Real'}</Mark>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(([label, about, value]) => (
          <Table.Tr key={label}>
            <Table.Th fw={400}>
              {label}
              {about !== '' && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  {about}
                </Text>
              )}
            </Table.Th>
            {records.map(record => (
              <Table.Td
                key={`${record.provider} ${record.simulated}`}
                ta="right"
                style={{ fontVariantNumeric: 'tabular-nums' }}
              >
                {value(record)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** What was paid; below it what the real provider would have been, where that is another amount. */
function amounts(pair: Record['perDocument'], simulated: boolean): ReactNode {
  if (pair === null) return '–'
  const { costNanoUsd, shadowNanoUsd } = pair
  return (
    <>
      {usd(costNanoUsd)}
      {(simulated || costNanoUsd !== shadowNanoUsd) && (
        <Text size="xs" c="dimmed">
          {usd(shadowNanoUsd)} at real prices
        </Text>
      )}
    </>
  )
}

function latency({ measured }: Record, which: 'p50' | 'p95' | 'p99'): ReactNode {
  if (!measured?.latencyMs) return '–'
  return (
    <>
      {duration(measured.latencyMs[which])}
      {which === 'p50' && (
        <Text size="xs" c="dimmed">
          of {plural(measured.answers, 'answer')}
        </Text>
      )}
    </>
  )
}

function faults(measured: Record['measured']): ReactNode {
  if (!measured || measured.calls === 0) return '–'
  const percent = (100 * measured.faults) / measured.calls
  return (
    <>
      {percent.toFixed(percent < 10 ? 1 : 0)} %
      <Text size="xs" c="dimmed">
        {count(measured.faults)} of {count(measured.calls)}
      </Text>
    </>
  )
}
