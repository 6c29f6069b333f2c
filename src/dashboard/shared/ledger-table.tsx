import { Group, Table, Text } from '@mantine/core'
import { AppLink } from './app-link.tsx'
import type { CostLines } from './costs.http.ts'
import { Mark, type Tone } from './marks.tsx'
import { Moment } from './moment.tsx'
import { usd } from './money.ts'
import { paths } from './paths.ts'
import { capitalized, count } from './words.ts'

type Line = CostLines['rows'][number]
const tones: Record<Line['kind'], Tone> = {
  hold: 'busy',
  release: 'calm',
  settlement: 'good',
  overrun: 'bad',
  adjustment: 'wait',
  avoided: 'stand',
}

/** Lines of the books: holds, settlements, what was avoided. `withDocument` names whose they are. */
export function LedgerTable({ lines, withDocument = false }: { lines: readonly Line[]; withDocument?: boolean }) {
  const number = { ta: 'right' as const, style: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' as const } }
  return (
    <Table miw={withDocument ? 1040 : 860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Time</Table.Th>
          <Table.Th>Entry</Table.Th>
          {withDocument && <Table.Th>Document</Table.Th>}
          <Table.Th>Service</Table.Th>
          <Table.Th ta="right">Units</Table.Th>
          <Table.Th ta="right">Held</Table.Th>
          <Table.Th ta="right">Paid</Table.Th>
          <Table.Th ta="right">Would cost</Table.Th>
          <Table.Th ta="right">Avoided</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(line => (
          <Table.Tr key={line.entryId}>
            <Table.Td>
              <Moment at={line.at} />
            </Table.Td>
            <Table.Td>
              <Group gap={6} wrap="nowrap">
                <Mark tone={tones[line.kind]} {...(line.note !== null && { about: line.note })}>
                  {capitalized(line.kind)}
                </Mark>
                {line.simulated && <Mark tone="stand">Simulated</Mark>}
              </Group>
            </Table.Td>
            {withDocument && (
              <Table.Td>
                {line.documentId === null ? (
                  line.purpose
                ) : (
                  <AppLink to={paths.document(line.documentId)} tenant={line.tenantId}>
                    {line.fileName ?? 'deleted'}
                  </AppLink>
                )}
              </Table.Td>
            )}
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              {capitalized(line.service)}
              <Text size="xs" c="dimmed">
                {line.provider} {line.model}
              </Text>
            </Table.Td>
            <Table.Td {...number}>{count(Number(line.units))}</Table.Td>
            <Table.Td {...number}>{orDash(line.heldNanoUsd)}</Table.Td>
            <Table.Td {...number}>{orDash(line.costNanoUsd)}</Table.Td>
            <Table.Td {...number}>{orDash(line.shadowNanoUsd)}</Table.Td>
            <Table.Td {...number}>
              {orDash(line.avoidedNanoUsd === '0' ? line.avoidedShadowNanoUsd : line.avoidedNanoUsd)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function orDash(nanoUsd: string): string {
  return nanoUsd === '0' ? '–' : usd(nanoUsd)
}
