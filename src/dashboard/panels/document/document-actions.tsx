import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useLocation, useSearchParams } from 'wouter'
import { answerOf, api } from '../../shared/api.http.ts'
import { Icon } from '../../shared/icons.tsx'
import { carryOver, paths } from '../../shared/paths.ts'
import { tellDone, tellFailure } from '../../shared/tell.ts'
import type { DocumentDetail } from './document-detail.ts'

/** What can be done to a document now. The page changes by the events that follow. */
export function DocumentActions({ document: { documentId, fileName, job } }: { document: DocumentDetail }) {
  const [isAsking, asking] = useDisclosure()
  const [, navigate] = useLocation()
  const [params] = useSearchParams()
  const hasEnded = ['succeeded', 'failed', 'cancelled'].includes(job.state)
  const path = { params: { path: { jobId: job.jobId } } }
  const act = useMutation({ mutationFn: (call: () => Promise<unknown>) => call(), onError: tellFailure })
  const remove = () =>
    act.mutate(async () => {
      await answerOf(api.DELETE('/v1/documents/{documentId}', { params: { path: { documentId } } }))
      tellDone(`${fileName} is deleted`)
      navigate(carryOver(paths.documents, params))
    })
  return (
    <Group gap="xs">
      {!hasEnded && (
        <Button
          variant="default"
          loading={act.isPending}
          leftSection={<Icon name="stop" size={16} />}
          onClick={() => act.mutate(() => answerOf(api.POST('/v1/jobs/{jobId}/cancel', path)))}
        >
          Cancel
        </Button>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Button
          loading={act.isPending}
          leftSection={<Icon name="retry" size={16} />}
          onClick={() => act.mutate(() => answerOf(api.POST('/v1/jobs/{jobId}/retry', path)))}
        >
          Retry
        </Button>
      )}
      {hasEnded && (
        <Button
          variant="default"
          loading={act.isPending}
          leftSection={<Icon name="retry" size={16} />}
          onClick={() =>
            act.mutate(() =>
              answerOf(api.POST('/v1/documents/{documentId}/versions', { params: { path: { documentId } }, body: {} })),
            )
          }
        >
          Process again
        </Button>
      )}
      <Button variant="default" leftSection={<Icon name="trash" size={16} />} onClick={asking.open}>
        Delete
      </Button>
      <Modal opened={isAsking} onClose={asking.close} title={`Delete ${fileName}?`}>
        <Text size="sm">
          The document goes with its versions, chunks and vectors, and search does not find it any more. What it cost
          stays in the books.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={asking.close}>
            Keep it
          </Button>
          <Button color="red.8" loading={act.isPending} onClick={remove}>
            Delete
          </Button>
        </Group>
      </Modal>
    </Group>
  )
}
