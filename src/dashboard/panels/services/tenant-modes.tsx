import { Table } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { capitalized } from '../../shared/words.ts'

/** Modes of single tenants, which go before that of all. */
export function TenantModes({ modes }: { modes: Answer<'/v1/modes'>['modes'] }) {
  if (modes.length === 0) return null
  return (
    <Card title="Modes of single tenants" flush>
      <Table miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Service</Table.Th>
            <Table.Th>Mode</Table.Th>
            <Table.Th>By, and why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {modes.map(({ tenantId, service, mode, policy, setBy, reason }) => (
            <Table.Tr key={`${tenantId} ${service}`}>
              <Table.Td>{tenantId}</Table.Td>
              <Table.Td>{capitalized(service)}</Table.Td>
              <Table.Td>
                {capitalized(mode)}
                {policy === null ? '' : `, ${policy}`}
              </Table.Td>
              <Table.Td>{[setBy, reason].filter(Boolean).join(': ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
