import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card, Empty } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'
import { Page } from '../../shared/page.tsx'
import { capitalized } from '../../shared/words.ts'

/** Who changed what, when, from what to what, and why. */
export function AuditPage() {
  const audit = useQuery({
    queryKey: ['audit'],
    queryFn: () => answerOf(api.GET('/v1/audit', { params: { query: { limit: 200 } } })),
  })
  return (
    <Page title="Audit" about="Who changed what, when and why: the newest 200.">
      <Card flush>
        <Loaded query={audit} height={360}>
          {({ events }) =>
            events.length === 0 ? (
              <Empty title="Nothing was changed yet">
                Switched modes, and others of the like, are kept here for good.
              </Empty>
            ) : (
              <Table miw={760}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Time</Table.Th>
                    <Table.Th>Who</Table.Th>
                    <Table.Th>Did what</Table.Th>
                    <Table.Th>To what</Table.Th>
                    <Table.Th>Tenant</Table.Th>
                    <Table.Th>Details</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {events.map(({ eventId, tenantId, at, actor, action, subject, details }) => (
                    <Table.Tr key={`${tenantId} ${eventId}`}>
                      <Table.Td>
                        <Moment at={at} />
                      </Table.Td>
                      <Table.Td>{actor}</Table.Td>
                      <Table.Td>{capitalized(action)}</Table.Td>
                      <Table.Td>{subject}</Table.Td>
                      <Table.Td>{tenantId === '*' ? 'all' : tenantId}</Table.Td>
                      <Table.Td maw={420} style={{ overflowWrap: 'anywhere' }}>
                        {sayDetails(details)}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Loaded>
      </Card>
    </Page>
  )
}

function sayDetails(details: Record<string, unknown>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
}
