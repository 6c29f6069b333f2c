import { Table, Text } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { BreakerMark } from '../../shared/breaker-mark.tsx'
import { Empty } from '../../shared/card.tsx'
import { Moment } from '../../shared/moment.tsx'
import { count, duration } from '../../shared/words.ts'

export function ProviderTable({ providers }: { providers: Answer<'/v1/providers'>['providers'] }) {
  if (providers.length === 0) return <Empty title="No provider yet">One comes here with its first call.</Empty>
  const number = { ta: 'right' as const, style: { fontVariantNumeric: 'tabular-nums' } }
  return (
    <Table miw={820}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Provider</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Calls</Table.Th>
          <Table.Th ta="right">Faults</Table.Th>
          <Table.Th ta="right">Limited</Table.Th>
          <Table.Th ta="right">Retries</Table.Th>
          <Table.Th ta="right">p50</Table.Th>
          <Table.Th ta="right">p95</Table.Th>
          <Table.Th ta="right">p99</Table.Th>
          <Table.Th>Why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {providers.map(
          ({ provider, state, calls, faults, limited, retries, latencyMs, reason, retryAt, limitedUntil }) => (
            <Table.Tr key={provider}>
              <Table.Td>{provider}</Table.Td>
              <Table.Td>
                <BreakerMark state={state} />
              </Table.Td>
              <Table.Td {...number}>{count(calls)}</Table.Td>
              <Table.Td {...number}>{share(faults, calls)}</Table.Td>
              <Table.Td {...number}>{count(limited)}</Table.Td>
              <Table.Td {...number}>{count(retries)}</Table.Td>
              {(['p50', 'p95', 'p99'] as const).map(name => (
                <Table.Td key={name} {...number}>
                  {latencyMs === null ? '–' : duration(latencyMs[name])}
                </Table.Td>
              ))}
              <Table.Td maw={320}>
                <Text size="sm">{reason ?? '–'}</Text>
                {retryAt !== null && state !== 'closed' && (
                  <Text size="xs" c="dimmed">
                    asked again at <Moment at={retryAt} />
                  </Text>
                )}
                {limitedUntil !== null && Date.parse(limitedUntil) > Date.now() && (
                  <Text size="xs" c="dimmed">
                    takes nothing until <Moment at={limitedUntil} />
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ),
        )}
      </Table.Tbody>
    </Table>
  )
}

function share(faults: number, calls: number): string {
  return faults === 0 ? '0' : `${count(faults)} (${Math.round((100 * faults) / Math.max(1, calls))} %)`
}
