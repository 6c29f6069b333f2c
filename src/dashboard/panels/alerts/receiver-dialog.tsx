import {
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  MultiSelect,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type AlertKind, alertKinds } from '../../../contract/alert-kind.ts'
import type { ReceiverKind } from '../../../contract/alert-receiver.ts'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { tellDone } from '../../shared/tell.ts'
import { capitalized } from '../../shared/words.ts'

const hints: Record<ReceiverKind, string> = {
  webhook: 'https://…, signed as Standard Webhooks says',
  slack: 'https://hooks.slack.com/services/…',
  email: 'ops@example.com',
}

interface ReceiverDialogProps {
  canMail: boolean
  onClose: () => void
}

/** Adds somebody who is told; of a webhook it shows the secret, this once. */
export function ReceiverDialog({ canMail, onClose }: ReceiverDialogProps) {
  const [kind, setKind] = useState<ReceiverKind>('webhook')
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [tenantId, setTenantId] = useState('*')
  const [kinds, setKinds] = useState<string[]>([])
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/v1/alert-receivers', {
          body: { kind, name, address, tenantId, alertKinds: kinds.length === 0 ? null : (kinds as AlertKind[]) },
        }),
      ),
    async onSuccess({ secret }) {
      await client.invalidateQueries({ queryKey: ['alerts'] })
      if (secret !== null) return
      tellDone(`${name} is told from now on`)
      onClose()
    },
  })
  const secret = add.data?.secret
  if (secret) return <SecretShown name={name} secret={secret} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="Tell somebody">
      <form
        onSubmit={event => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Stack gap="sm">
          <NativeSelect
            label="By"
            value={kind}
            onChange={event => setKind(event.currentTarget.value as ReceiverKind)}
            data={[
              { value: 'webhook', label: 'Webhook' },
              { value: 'slack', label: 'Slack, or what takes its messages' },
              { value: 'email', label: canMail ? 'Mail' : 'Mail (no mail server is configured)', disabled: !canMail },
            ]}
          />
          <TextInput
            label="Name"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            required
            data-autofocus
          />
          <TextInput
            label="Address"
            description={hints[kind]}
            value={address}
            onChange={event => setAddress(event.currentTarget.value)}
            required
          />
          <TextInput
            label="Alerts of tenant"
            description="* for those of all tenants"
            value={tenantId}
            onChange={event => setTenantId(event.currentTarget.value)}
            required
          />
          <MultiSelect
            label="Only these alerts"
            description="All, if none is chosen"
            value={kinds}
            onChange={setKinds}
            data={alertKinds.map(value => ({ value, label: capitalized(value) }))}
          />
          {add.error !== null && <Failure error={add.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={add.isPending} disabled={name === '' || address === ''}>
              Tell
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function SecretShown({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`The secret of ${name}`}>
      <Stack gap="sm">
        <Text size="sm">
          What is sent is signed with it, so that the receiver knows that it comes from here. It is shown this once.
        </Text>
        <Code block>{secret}</Code>
        <Group justify="flex-end">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>I have kept it</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
