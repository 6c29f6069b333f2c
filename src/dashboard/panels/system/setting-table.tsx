import { Code, Table } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'

/** How the server is set up; secrets are hidden by the server. */
export function SettingTable({ settings }: { settings: Answer<'/v1/doctor'>['settings'] }) {
  return (
    <Table miw={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Value</Table.Th>
          <Table.Th>From</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {settings.map(({ name, value, source }) => (
          <Table.Tr key={name}>
            <Table.Td>
              <Code>{name}</Code>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value === '' ? '–' : value}</Table.Td>
            <Table.Td>{source}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
