import type { QueryClient } from '@tanstack/react-query'
import type { StreamedEvent } from '../../../contract/event.ts'
import { topicsOf } from './topics.ts'

/** How long it takes at least from one refresh to the next: many events then cost one. */
const pauseMs = 300

/** What is asked only when somebody asks, since it may cost money. */
const paidFor = new Set(['search'])

/** Takes events as they come, and has what they concern loaded again: at once, then at most every `pauseMs`, never two at a time. */
export interface Refresher {
  take(event: StreamedEvent): void
  /** Everything, since what has happened meanwhile cannot be told. */
  takeReset(): void
}

export function createRefresher(client: QueryClient): Refresher {
  let topics = new Set<string>()
  let documents = new Set<string>()
  let isReset = false
  let isBusy = false

  const isConcerned = (key: readonly unknown[], wanted: Set<string>, ids: Set<string>) =>
    wanted.has(String(key[0])) && (key[0] !== 'document' || ids.has(String(key[1])))

  async function flush(): Promise<void> {
    if (isBusy) return
    isBusy = true
    while (isReset || topics.size > 0) {
      const [wanted, ids, all] = [topics, documents, isReset]
      topics = new Set()
      documents = new Set()
      isReset = false
      await client.invalidateQueries({
        predicate: ({ queryKey }) => (all ? !paidFor.has(String(queryKey[0])) : isConcerned(queryKey, wanted, ids)),
      })
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
    isBusy = false
  }

  return {
    take(event) {
      for (const topic of topicsOf(event)) topics.add(topic)
      if (event.documentId !== null) documents.add(event.documentId)
      void flush()
    },
    takeReset() {
      isReset = true
      void flush()
    },
  }
}
