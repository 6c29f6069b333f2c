import { Table } from '@mantine/core'
import { stages } from '../../../contract/job.ts'
import type { Answer } from '../../shared/api.http.ts'
import { StateMark } from '../../shared/marks.tsx'
import { capitalized, count } from '../../shared/words.ts'

const states = ['queued', 'running', 'waiting', 'deferred', 'retrying'] as const

/** How many jobs are at which stage and state. */
export function WorkTable({ jobs }: { jobs: Answer<'/v1/doctor'>['jobs'] }) {
  const countOf = (stage: string, state: string) =>
    jobs.find(job => job.stage === stage && job.state === state)?.count ?? 0
  return (
    <Table miw={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Stage</Table.Th>
          {states.map(state => (
            <Table.Th key={state} ta="right">
              <StateMark state={state} />
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {stages.map(stage => (
          <Table.Tr key={stage}>
            <Table.Td>{capitalized(stage)}</Table.Td>
            {states.map(state => (
              <Table.Td key={state} ta="right">
                {countOf(stage, state) === 0 ? '–' : count(countOf(stage, state))}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
