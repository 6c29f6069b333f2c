import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { answerOf, api } from '../../shared/api.http.ts'
import { tellDone, tellFailure } from '../../shared/tell.ts'
import { plural } from '../../shared/words.ts'
import type { DocumentRow } from './document-table.tsx'

const ended = ['succeeded', 'failed', 'cancelled']
const atATime = 6

/** What can be done to the documents that are selected: each by what its newest job allows. */
export function BulkActions({ documents, onDone }: { documents: readonly DocumentRow[]; onDone: () => void }) {
  const [isBusy, setBusy] = useState(false)
  const retryable = documents.filter(({ job }) => job.state === 'failed' || job.state === 'cancelled')
  const cancellable = documents.filter(({ job }) => !ended.includes(job.state))
  if (documents.length === 0) return null

  const act = async (
    word: string,
    rows: readonly DocumentRow[],
    path: '/v1/jobs/{jobId}/retry' | '/v1/jobs/{jobId}/cancel',
  ) => {
    setBusy(true)
    let failure: unknown = null
    let done = 0
    for (let at = 0; at < rows.length; at += atATime) {
      const calls = rows
        .slice(at, at + atATime)
        .map(({ job: { jobId } }) => answerOf(api.POST(path, { params: { path: { jobId } } })))
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === 'fulfilled') done++
        else failure = outcome.reason
      }
    }
    setBusy(false)
    if (done > 0) tellDone(`${plural(done, 'document')} ${word}`)
    if (failure !== null) tellFailure(failure)
    onDone()
  }
  return (
    <Group p="sm" px="md" gap="sm">
      <Text size="sm" fw={600}>
        {plural(documents.length, 'document')} selected
      </Text>
      <Button
        size="xs"
        variant="default"
        loading={isBusy}
        disabled={retryable.length === 0}
        onClick={() => act('run again', retryable, '/v1/jobs/{jobId}/retry')}
      >
        Retry {retryable.length}
      </Button>
      <Button
        size="xs"
        variant="default"
        loading={isBusy}
        disabled={cancellable.length === 0}
        onClick={() => act('cancelled', cancellable, '/v1/jobs/{jobId}/cancel')}
      >
        Cancel {cancellable.length}
      </Button>
    </Group>
  )
}
