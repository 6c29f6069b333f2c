import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { Moment } from '../../shared/moment.tsx'
import { tellDone } from '../../shared/tell.ts'
import type { DocumentDetail, Version } from './document-detail.ts'

interface RollbackDialogProps {
  document: DocumentDetail
  version: Version
  onClose: () => void
}

/** Asks before another version is searched. */
export function RollbackDialog({
  document: { documentId, fileName },
  version: { versionId, createdAt },
  onClose,
}: RollbackDialogProps) {
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/v1/documents/{documentId}/versions/{versionId}/rollback', {
          params: { path: { documentId, versionId } },
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
        }),
      ),
    onSuccess(document) {
      client.setQueryData(['document', documentId, 'facts'], document)
      tellDone(`Search finds version ${versionId.slice(-6)} of ${fileName} now`)
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Make version ${versionId.slice(-6)} live?`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          act.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            At once, search finds the version of <Moment at={createdAt} /> and no longer the present one, which stays
            here. It stays live until the document is processed again; nothing replaces it by itself.
          </Text>
          <TextInput
            label="Reason"
            description="It stays in the audit log."
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            maxLength={500}
            data-autofocus
          />
          {act.error !== null && <Failure error={act.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={act.isPending}>
              Make it live
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
