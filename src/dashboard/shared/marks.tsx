import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JobState } from '../../contract/job.ts'
import styles from './marks.module.css'
import { capitalized } from './words.ts'

export type Tone = 'good' | 'busy' | 'calm' | 'wait' | 'bad' | 'stand'

/** A state in colour and in words. `about` is told when it is pointed at or focused. */
export function Mark({
  tone,
  children,
  about,
  working,
}: {
  tone: Tone
  children: ReactNode
  about?: string
  working?: boolean
}) {
  const mark = (
    // Keyboards reach what is told about it, too.
    <span className={`${styles.mark} ${styles[tone]}`} {...(about !== undefined && { tabIndex: 0 })}>
      <span className={`${styles.dot} ${working ? styles.working : ''}`} aria-hidden="true" />
      {children}
    </span>
  )
  if (about === undefined) return mark
  return (
    <Tooltip label={about} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {mark}
    </Tooltip>
  )
}

export const toneOfState: Record<JobState, Tone> = {
  queued: 'calm',
  running: 'busy',
  waiting: 'busy',
  deferred: 'wait',
  retrying: 'wait',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'calm',
}

export function StateMark({ state, stage }: { state: JobState; stage?: string }) {
  const isOpen = !['succeeded', 'failed', 'cancelled'].includes(state)
  return (
    <Mark tone={toneOfState[state]} working={state === 'running' || state === 'waiting'}>
      {capitalized(state)}
      {stage !== undefined && isOpen ? ` · ${stage}` : ''}
    </Mark>
  )
}

interface Made {
  parse: { simulated: boolean; provisional?: boolean | undefined; provider: string }
  embed: { simulated: boolean; provider: string }
}

/** What must not be overlooked of a result: simulated, or only standing in for something better. `stays`: somebody rolled back to it. */
export function ResultMarks({ provenance: { parse, embed }, stays = false }: { provenance: Made; stays?: boolean }) {
  const simulated = [
    parse.simulated && `parsing by ${parse.provider}`,
    embed.simulated && `embedding by ${embed.provider}`,
  ]
  const what = simulated.filter(part => part !== false)
  return (
    <>
      {parse.provisional === true && (
        <Mark
          tone="wait"
          about={`Read here since the service that was wanted could not be had. ${stays ? 'Somebody rolled back to it, so it stays until it is processed again.' : 'It is done again by itself.'}`}
        >
          Provisional
        </Mark>
      )}
      {what.length > 0 && (
        <Mark tone="stand" about={`Only imitated: ${what.join(' and ')}. Nothing was paid.`}>
          Simulated
        </Mark>
      )}
    </>
  )
}
