import { Group, SimpleGrid, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Answer, answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { usd } from '../../shared/money.ts'
import { spanOf, useTimeRange } from '../../shared/time-range.ts'
import { TimeRangeSelect } from '../../shared/time-range-select.tsx'
import { count, duration, plural } from '../../shared/words.ts'

type Record = Answer<'/v1/providers/history'>['records'][number]

/** Real and simulated providers beside each other, by what they did in the range. Loaded once: it sums the books. */
export function HistoryCards() {
  const [range] = useTimeRange()
  const history = useQuery({
    queryKey: ['history', range],
    queryFn: () => answerOf(api.GET('/v1/providers/history', { params: { query: spanOf(range) } })),
    placeholderData: previous => previous,
  })
  return (
    <section aria-label="Real beside simulated">
      <Group justify="space-between" mb="sm" gap="xs">
        <div>
          <Title order={2} size="h5">
            Real beside simulated
          </Title>
          <Text size="xs" c="dimmed">
            Calls, documents and costs by the books; latencies and faults as measured at the calls, of all tenants.
          </Text>
        </div>
        <TimeRangeSelect />
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {services.map(({ service, title, lines }) => (
          <Card key={service} title={title} flush>
            <Loaded query={history} height={330}>
              {({ records }) => (
                <SideBySide lines={lines} records={records.filter(record => record.service === service)} />
              )}
            </Loaded>
          </Card>
        ))}
      </SimpleGrid>
    </section>
  )
}

type Line = [label: string, about: string, value: (record: Record) => ReactNode]

function linesOf(units: string, perUnits: string): Line[] {
  return [
    ['Calls', '', ({ calls }) => count(calls)],
    ['Documents', '', ({ documents }) => count(documents)],
    ['Paid a document', 'on average', ({ perDocument, simulated }) => amounts(perDocument, simulated)],
    [units, '', record => count(Number(record.units))],
    [`Paid ${perUnits}`, 'on average', record => amounts(record.perUnits, record.simulated)],
    ['Latency p50', 'at most', record => latency(record, 'p50')],
    ['Latency p95', 'at most', record => latency(record, 'p95')],
    ['Latency p99', 'at most', record => latency(record, 'p99')],
    ['Faults', '', ({ measured }) => faults(measured)],
    ['Refused as too many', '', ({ measured }) => (measured ? count(measured.limited) : '–')],
  ]
}

const services = [
  { service: 'parse', title: 'Parsing: real beside simulated', lines: linesOf('Pages', 'a page') },
  { service: 'embed', title: 'Embedding: real beside simulated', lines: linesOf('Tokens', 'a million tokens') },
] as const

function SideBySide({ lines, records }: { lines: readonly Line[]; records: readonly Record[] }) {
  if (records.length === 0)
    return <Empty title="No call in this range">What each provider did comes here with its first call.</Empty>
  return (
    <Table miw={170 + 130 * records.length}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
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
