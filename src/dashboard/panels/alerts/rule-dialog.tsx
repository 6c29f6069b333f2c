import { Button, Group, Modal, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { tellDone } from '../../shared/tell.ts'
import { capitalized } from '../../shared/words.ts'
import type { Rule } from './rule.ts'

const times = [
  { name: 'forSeconds', label: 'How long it must be so, in seconds' },
  { name: 'recoverSeconds', label: 'How long it must be well before it is over, in seconds' },
  { name: 'cooldownSeconds', label: 'How long there is no other after that, in seconds' },
] as const

/** Changes when a rule alerts, or sets it back to its defaults. */
export function RuleDialog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const [isOn, setOn] = useState(rule.isOn)
  const [numbers, setNumbers] = useState({
    threshold: rule.threshold,
    forSeconds: rule.forSeconds,
    recoverSeconds: rule.recoverSeconds,
    cooldownSeconds: rule.cooldownSeconds,
  })
  const client = useQueryClient()
  const params = { path: { ruleId: rule.ruleId } }
  const done = async (what: string) => {
    await client.invalidateQueries({ queryKey: ['alerts'] })
    tellDone(`Rule ${capitalized(rule.ruleId)} ${what}`)
    onClose()
  }
  const save = useMutation({
    mutationFn: () => answerOf(api.PUT('/v1/alert-rules/{ruleId}', { params, body: { isOn, ...numbers } })),
    onSuccess: () => done('is changed'),
  })
  const reset = useMutation({
    mutationFn: () => answerOf(api.DELETE('/v1/alert-rules/{ruleId}', { params })),
    onSuccess: () => done('is as it was at first'),
  })
  const set = (name: keyof typeof numbers) => (value: string | number) =>
    setNumbers({ ...numbers, [name]: Number(value) })
  const error = save.error ?? reset.error
  return (
    <Modal opened onClose={onClose} title={`Rule ${capitalized(rule.ruleId)}`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{rule.about}</Text>
          <Switch label="On" checked={isOn} onChange={event => setOn(event.currentTarget.checked)} />
          {rule.unit !== null && (
            <NumberInput
              label={`Alert above, in ${rule.unit}`}
              value={numbers.threshold}
              onChange={set('threshold')}
              min={0}
              required
              data-autofocus
            />
          )}
          {times.map(({ name, label }) => (
            <NumberInput
              key={name}
              label={label}
              value={numbers[name]}
              onChange={set(name)}
              min={0}
              max={604_800}
              allowDecimal={false}
              required
            />
          ))}
          {error !== null && <Failure error={error} />}
          <Group justify="space-between">
            <Button variant="subtle" loading={reset.isPending} disabled={rule.isDefault} onClick={() => reset.mutate()}>
              Back to the defaults
            </Button>
            <Group>
              <Button variant="default" onClick={onClose}>
                Leave it
              </Button>
              <Button type="submit" loading={save.isPending}>
                Save
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
