import { Table } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { Moment } from '../../shared/moment.tsx'
import { bytes, count } from '../../shared/words.ts'

/** Every process that works on the database: since when, on what, with which room. */
export function ProcessTable({ processes }: { processes: Answer<'/v1/doctor'>['processes'] }) {
  return (
    <Table miw={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Host</Table.Th>
          <Table.Th ta="right">Process</Table.Th>
          <Table.Th>Started</Table.Th>
          <Table.Th ta="right">Running jobs</Table.Th>
          <Table.Th ta="right">Memory</Table.Th>
          <Table.Th ta="right">Disk free</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {processes.map(({ host, pid, startedAt, runningJobs, memoryBytes, diskFreeBytes, diskSizeBytes }) => (
          <Table.Tr key={`${host} ${pid}`}>
            <Table.Td>{host}</Table.Td>
            <Table.Td ta="right">{pid}</Table.Td>
            <Table.Td>
              <Moment at={startedAt} />
            </Table.Td>
            <Table.Td ta="right">{count(runningJobs)}</Table.Td>
            <Table.Td ta="right">{memoryBytes === null ? '–' : bytes(memoryBytes)}</Table.Td>
            <Table.Td ta="right">
              {diskFreeBytes === null || diskSizeBytes === null
                ? '–'
                : `${bytes(diskFreeBytes)} of ${bytes(diskSizeBytes)}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
