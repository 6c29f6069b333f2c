import { Table } from '@mantine/core'
import { alertFacts } from '../../../contract/alert-kind.ts'
import { alertWords } from '../../../contract/alert-words.ts'
import type { Answer } from '../../shared/api.http.ts'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { capitalized } from '../../shared/words.ts'

type Alert = Answer<'/v1/alerts'>['alerts'][number]

/** A row per alert: what, for whom, whether it lasts, and what to do. */
export function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <Table miw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Since</Table.Th>
          <Table.Th>Alert</Table.Th>
          <Table.Th>Tenant</Table.Th>
          <Table.Th>What is wrong, and what to do</Table.Th>
          <Table.Th>Over</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {alerts.map(alert => (
          <Table.Tr key={alert.alertId}>
            <Table.Td>
              <Moment at={alert.at} />
            </Table.Td>
            <Table.Td>
              <Mark tone={alert.severity === 'critical' ? 'bad' : 'wait'}>{capitalized(alert.kind)}</Mark>
            </Table.Td>
            <Table.Td>{alert.tenantId === '*' ? 'all' : alert.tenantId}</Table.Td>
            <Table.Td maw={520} style={{ overflowWrap: 'anywhere' }}>
              {capitalized(alertWords(alert))}.
              <div style={{ color: 'var(--mantine-color-dimmed)' }}>{alertFacts[alert.kind].action}</div>
            </Table.Td>
            <Table.Td>
              <Over alert={alert} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Over({ alert: { lasts, recoveredAt } }: { alert: Alert }) {
  if (recoveredAt !== null) return <Moment at={recoveredAt} />
  return lasts ? <Mark tone="bad">Lasts</Mark> : '–'
}
