import { ActionIcon, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Icon } from '../../shared/icons.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { Mark } from '../../shared/marks.tsx'
import { useCaller } from '../../shared/use-caller.ts'
import { capitalized } from '../../shared/words.ts'
import type { Rule } from './rule.ts'
import { RuleDialog } from './rule-dialog.tsx'

/** What each rule looks at, and when it alerts. */
export function RulesCard() {
  const { isAdmin } = useCaller()
  const [edited, setEdited] = useState<Rule | null>(null)
  const rules = useQuery({ queryKey: ['alerts', 'rules'], queryFn: () => answerOf(api.GET('/v1/alert-rules')) })
  return (
    <Card title="Rules" flush>
      <Loaded query={rules} height={300}>
        {data => (
          <Table miw={820}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Rule</Table.Th>
                <Table.Th>Looks at</Table.Th>
                <Table.Th ta="right">Above</Table.Th>
                <Table.Th ta="right">For</Table.Th>
                <Table.Th ta="right">Over after</Table.Th>
                <Table.Th ta="right">Again after</Table.Th>
                <Table.Th>Now</Table.Th>
                <Table.Th aria-label="Change" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.rules.map(rule => (
                <Table.Tr key={rule.ruleId}>
                  <Table.Td>
                    {capitalized(rule.ruleId)}
                    {!rule.isDefault && ' (changed)'}
                  </Table.Td>
                  <Table.Td maw={340}>{rule.about}</Table.Td>
                  <Table.Td ta="right">{sayThreshold(rule)}</Table.Td>
                  <Table.Td ta="right">{saySeconds(rule.forSeconds)}</Table.Td>
                  <Table.Td ta="right">{saySeconds(rule.recoverSeconds)}</Table.Td>
                  <Table.Td ta="right">{saySeconds(rule.cooldownSeconds)}</Table.Td>
                  <Table.Td>
                    <Now rule={rule} />
                  </Table.Td>
                  <Table.Td>
                    {isAdmin && (
                      <ActionIcon
                        variant="subtle"
                        aria-label={`Change rule ${rule.ruleId}`}
                        onClick={() => setEdited(rule)}
                      >
                        <Icon name="pen" size={16} />
                      </ActionIcon>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
      {edited !== null && <RuleDialog rule={edited} onClose={() => setEdited(null)} />}
    </Card>
  )
}

function Now({ rule: { isOn, lasting } }: { rule: Rule }) {
  if (!isOn) return <Mark tone="calm">Off</Mark>
  return lasting > 0 ? <Mark tone="bad">{lasting} last</Mark> : <Mark tone="good">Well</Mark>
}

function sayThreshold({ threshold, unit }: Rule): string {
  if (unit === null) return '–'
  return unit === 'percent' ? `${threshold} %` : saySeconds(threshold)
}

function saySeconds(seconds: number): string {
  if (seconds === 0) return 'at once'
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.round(seconds / 6) / 10} min` : `${Math.round(seconds / 360) / 10} h`
}
