import { Button, Collapse } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../shared/api.http.ts'
import { Card } from '../../shared/card.tsx'
import { Loaded } from '../../shared/loaded.tsx'
import { capitalized, duration } from '../../shared/words.ts'
import styles from './document.module.css'
import { jobQuery } from './document-queries.ts'
import { EventTable } from './event-table.tsx'
import { type StageSpan, stageSpans } from './stage-spans.ts'

/** How long the newest job was in which stage and state, and each step of it. */
export function TimelineCard({ documentId, jobId }: { documentId: string; jobId: string }) {
  const [isOpen, { toggle }] = useDisclosure()
  const job = useQuery({
    ...jobQuery(documentId, jobId),
    placeholderData: previous => previous,
  })
  return (
    <Card
      title="Timeline"
      actions={
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? 'Hide' : 'Show'} each step
        </Button>
      }
    >
      <Loaded query={job} height={176}>
        {data => (
          <>
            <Spans job={data} />
            <Collapse expanded={isOpen}>{isOpen && <EventTable events={data.events} />}</Collapse>
          </>
        )}
      </Loaded>
    </Card>
  )
}

const legend = [
  ['running', 'at work'],
  ['waiting', 'waits for a provider'],
  ['queued', 'waits for a worker'],
  ['deferred', 'deferred or tried again later'],
] as const

function Spans({ job }: { job: Answer<'/v1/jobs/{jobId}'> }) {
  return (
    <>
      {stageSpans(job.events, Date.now()).map(span => (
        <SpanRow key={span.stage} span={span} />
      ))}
      <ul className={styles.legend}>
        {legend.map(([state, word]) => (
          <li key={state}>
            <span className={`${styles.swatch} ${styles[state]}`} aria-hidden="true" />
            {word}
          </li>
        ))}
      </ul>
    </>
  )
}

function SpanRow({ span: { stage, pieces, retries, workMs, totalMs } }: { span: StageSpan }) {
  const told = pieces.map(({ state, ms }) => `${state} ${duration(ms)}`).join(', ') || 'not reached'
  return (
    <div className={styles.row}>
      <span>
        {capitalized(stage)}
        {retries > 0 ? ` ×${retries + 1}` : ''}
      </span>
      <div className={styles.track} role="img" aria-label={`${stage}: ${told}`} title={told}>
        {pieces.map(({ state, from, to }) => (
          <span
            key={`${state} ${from}`}
            className={`${styles.piece} ${styles[state]}`}
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
        ))}
      </div>
      <span className={styles.number} title={`${duration(workMs)} of it at work`}>
        {pieces.length === 0 ? '–' : duration(totalMs)}
      </span>
    </div>
  )
}
