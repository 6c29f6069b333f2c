import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { readDollars, usd } from '../../shared/money.ts'
import { tellDone } from '../../shared/tell.ts'
import { plural } from '../../shared/words.ts'
import type { Doubt } from './doubt.ts'

interface ResolveDialogProps {
  call: Doubt
  outcome: 'charged' | 'not_charged'
  onClose: () => void
}

/** Asks before what an operator found on the provider's bill is booked. */
export function ResolveDialog({ call, outcome, onClose }: ResolveDialogProps) {
  const [amount, setAmount] = useState(usd(call.heldNanoUsd).slice(1))
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const isCharged = outcome === 'charged'
  const costNanoUsd = readDollars(amount)
  const act = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/v1/calls/{callId}/resolve', {
          params: { path: { callId: call.callId } },
          body: {
            outcome,
            ...(isCharged && costNanoUsd !== null && { costNanoUsd }),
            ...(reason.trim() !== '' && { reason: reason.trim() }),
          },
        }),
      ),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['calls'] })
      tellDone(isCharged ? 'Booked as charged' : 'Booked as not charged: its money is free again')
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={isCharged ? 'It was charged?' : 'It was not charged?'}>
      <form
        onSubmit={event => {
          event.preventDefault()
          act.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            The call to {call.provider} {call.model} for {plural(call.documentIds.length, 'document')},{' '}
            {usd(call.heldNanoUsd)} held. {isCharged ? sayCharged : sayNotCharged} This is booked, and cannot be taken
            back here.
          </Text>
          {isCharged && (
            <TextInput
              label="Charged, in dollars"
              description="What is on the provider’s bill."
              value={amount}
              onChange={event => setAmount(event.currentTarget.value)}
              error={costNanoUsd === null ? 'An amount such as 5 or 0.50' : null}
              inputMode="decimal"
              required
            />
          )}
          <TextInput
            label="Reason"
            description="How that is known; it stays in the books."
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            maxLength={500}
            required
            data-autofocus
          />
          {act.error !== null && <Failure error={act.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it in doubt
            </Button>
            <Button
              type="submit"
              loading={act.isPending}
              disabled={reason.trim() === '' || (isCharged && costNanoUsd === null)}
            >
              {isCharged ? 'Book as charged' : 'Book as not charged'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const sayCharged =
  'Its money is spent, though its result is lost; where the result is still missing, a new call is made and paid for.'
const sayNotCharged = 'Its money is free again, and the work that waits for it goes on with a new call.'
