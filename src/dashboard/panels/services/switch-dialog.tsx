import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Mode, ServiceName } from '../../../contract/provenance.ts'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { tellDone } from '../../shared/tell.ts'

interface SwitchDialogProps {
  service: ServiceName
  from: Mode
  to: Mode
  policies: readonly string[]
  production: boolean
  onClose: () => void
}

/** Asks whether, and why: a switch decides what is paid. */
export function SwitchDialog({ service, from, to, policies, production, onClose }: SwitchDialogProps) {
  const [reason, setReason] = useState('')
  const [policy, setPolicy] = useState('balanced')
  const [force, setForce] = useState(false)
  const client = useQueryClient()
  const path = { tenantId: '*', service }
  const change = useMutation({
    mutationFn: () =>
      answerOf(
        api.PUT('/v1/modes/{tenantId}/{service}', {
          params: { path },
          body: {
            mode: to,
            ...(reason.trim() !== '' && { reason: reason.trim() }),
            ...(to === 'hybrid' && service === 'parse' && { policy }),
            ...(force && { force }),
          },
        }),
      ),
    onSuccess(data) {
      client.setQueryData(['modes'], data)
      tellDone(`${service} is ${to} now`)
      onClose()
    },
  })
  const isPaid = to === 'real' || to === 'hybrid'
  return (
    <Modal opened onClose={onClose} title={`Switch ${service} from ${from} to ${to}?`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            It holds for all tenants without a mode of their own, from the next decision on.{' '}
            {isPaid
              ? 'Calls to the provider cost money, within the budgets.'
              : 'Nothing more is paid for this service.'}
          </Text>
          {to === 'hybrid' && service === 'parse' && (
            <NativeSelect
              label="Policy"
              value={policy}
              onChange={event => setPolicy(event.currentTarget.value)}
              data={[...policies]}
            />
          )}
          <TextInput
            label="Reason"
            description="It stays in the audit log."
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            maxLength={500}
            required
            data-autofocus
          />
          {production && to === 'mock' && (
            <Checkbox
              label="Force it, although this is production"
              checked={force}
              onChange={event => setForce(event.currentTarget.checked)}
            />
          )}
          {change.error !== null && <Failure error={change.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={change.isPending} disabled={reason.trim() === ''}>
              Switch to {to}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
