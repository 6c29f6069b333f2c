import type { Query, QueryClient } from '@tanstack/react-query'
import type { StreamedEvent } from '../../../contract/event.ts'
import { topicsOf } from './topics.ts'

/** How long it takes at least from one refresh of a topic to the next: many events then cost one. */
const pauseMs = 300
/** What takes a server or the page long and tells of days, and what tells of a minute. */
const longPausesMs: Record<string, number> = { forecast: 10_000, charts: 3_000, traffic: 3_000 }
/** Topics that are told by queries of another one. */
const toldBy: Record<string, string> = { traffic: 'providers' }

/** What is asked only when somebody asks, since it may cost money. */
const paidFor = new Set(['search'])

/**
 * Takes events as they come, and has what they concern loaded again: at once, then at most every `pauseMs`, and of one topic never twice at a
 * time. What takes longer is loaded so much less often. One topic does not wait for another.
 */
export interface Refresher {
  take(event: StreamedEvent): void
  /** Everything, since what has happened meanwhile cannot be told. */
  takeReset(): void
}

/** What of a topic is to be loaded again; of documents only these. */
interface Due {
  isDue: boolean
  isBusy: boolean
  documents: Set<string>
}

export function createRefresher(client: QueryClient): Refresher {
  const topics = new Map<string, Due>()

  async function flush(topic: string, due: Due): Promise<void> {
    if (due.isBusy) return
    due.isBusy = true
    while (due.isDue) {
      const { documents } = due
      due.isDue = false
      due.documents = new Set()
      const startedAt = performance.now()
      await loadAgain(
        client,
        ({ queryKey: [name, id] }) =>
          name === (toldBy[topic] ?? topic) && (topic !== 'document' || documents.has(String(id))),
      )
      await sleep(Math.max(longPausesMs[topic] ?? pauseMs, performance.now() - startedAt))
    }
    due.isBusy = false
  }

  return {
    take(event) {
      for (const topic of topicsOf(event)) {
        const due = topics.get(topic) ?? { isDue: false, isBusy: false, documents: new Set() }
        topics.set(topic, due)
        due.isDue = true
        if (event.documentId !== null) due.documents.add(event.documentId)
        void flush(topic, due)
      }
    },
    takeReset() {
      void loadAgain(client, ({ queryKey }) => !paidFor.has(String(queryKey[0])))
    },
  }
}

/**
 * The client lets a first load that is under way go on when it is told that the query is old, and forgets that it was told. What it brings may
 * be of before the event, so that each is told again when its own load has ended.
 */
async function loadAgain(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ predicate })
    .filter(({ state }) => state.fetchStatus !== 'idle' && state.data === undefined)
  const again = async (query: Query) => {
    await query.promise?.catch(() => {})
    await client.invalidateQueries({ predicate: other => other === query })
  }
  await Promise.all([client.invalidateQueries({ predicate }), ...first.map(again)])
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
