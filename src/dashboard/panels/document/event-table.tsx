import { Table, Text } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { StateMark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { capitalized } from '../../shared/words.ts'

/** Each step of a job, oldest first. */
export function EventTable({ events }: { events: Answer<'/v1/jobs/{jobId}'>['events'] }) {
  return (
    <Table mt="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Time</Table.Th>
          <Table.Th>Stage</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map(event => (
          <Table.Tr key={`${event.at} ${event.stage} ${event.state} ${event.token}`}>
            <Table.Td>
              <Moment at={event.at} />
            </Table.Td>
            <Table.Td>{event.stage}</Table.Td>
            <Table.Td>
              <StateMark state={event.state} />
            </Table.Td>
            <Table.Td>
              {capitalized(event.reason)}
              {event.error && (
                <Text size="xs" c="dimmed">
                  {event.error.message} {event.error.action}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
