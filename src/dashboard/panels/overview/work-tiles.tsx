import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { JobState } from '../../../contract/job.ts'
import type { Answer } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Stat } from '../../shared/card.tsx'
import { paths } from '../../shared/paths.ts'
import { count, duration, plural } from '../../shared/words.ts'

type Overview = Answer<'/v1/overview'>

/** How many documents there are, how much work, how long it waits, and how much of it fails. */
export function WorkTiles({ overview: { data } }: { overview: UseQueryResult<Overview> }) {
  if (data === undefined)
    return [0, 1, 2, 3].map(key => <Skeleton key={key} height={114} radius="md" aria-label="Loading" />)
  const ended = data.ended.succeeded + data.ended.failed
  const rate = ended === 0 ? null : (100 * data.ended.failed) / ended
  const open = data.unfinished.reduce((sum, { jobs }) => sum + jobs, 0)
  return (
    <>
      <Stat
        label="Documents"
        value={count(data.documents)}
        note={data.provisionalDocuments > 0 ? `${count(data.provisionalDocuments)} provisional` : 'none provisional'}
      />
      <Stat label="At work" value={count(open)} note={open === 0 ? 'nothing is waiting' : sayStates(data.unfinished)} />
      <Stat
        label="Oldest in the queue"
        value={data.oldestQueuedAt === null ? '–' : duration(Math.max(0, Date.now() - Date.parse(data.oldestQueuedAt)))}
        note={data.oldestQueuedAt === null ? 'no job waits for a worker' : 'waits for a worker'}
      />
      <Stat
        label="Error rate"
        value={rate === null ? '–' : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} %`}
        note={
          data.ended.failed > 0 ? (
            <AppLink to={paths.errors}>{plural(data.ended.failed, 'failed job')}</AppLink>
          ) : (
            `${plural(data.ended.succeeded, 'job')} succeeded`
          )
        }
      />
    </>
  )
}

const inOrder: readonly JobState[] = ['running', 'waiting', 'queued', 'retrying', 'deferred']

function sayStates(unfinished: Overview['unfinished']): string {
  return inOrder
    .map(state => [unfinished.filter(u => u.state === state).reduce((sum, { jobs }) => sum + jobs, 0), state] as const)
    .filter(([jobs]) => jobs > 0)
    .map(([jobs, state]) => `${count(jobs)} ${state}`)
    .join(' · ')
}
