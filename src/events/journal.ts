import type { ResetReason } from '../contract/event.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { beginStream, readEvents, readPresent } from './events.sql.ts'
import { type PagedEvent, rangeBehind, toPage } from './page.ts'
import { whyLost } from './position.ts'
import type { Snapshot } from './snapshot.ts'

/** What was read at once; with a reason, instead of events: some before it cannot be told. */
export interface Entry {
  events: readonly PagedEvent[]
  reset: ResetReason | null
}

/** The newest events of all tenants, read from the database once for all who follow them in this process. */
export interface Journal {
  readonly stream: string
  /** What had been seen when it was read. */
  readonly present: Snapshot
  /** The number of the oldest entry that is kept, and of the one that comes next. */
  readonly first: number
  readonly next: number
  at(number: number): Entry | undefined
  /** Reads what is new; not while another call of it runs. */
  refresh(): Promise<void>
  /** Forgets everything until the next `refresh`, which begins with what is there then. */
  rest(): void
}

export function createJournal(database: Pick<Session<Tables>, 'kysely'>, mostEvents: number): Journal {
  let entries: Entry[] = []
  let first = 0
  let stream = ''
  let present: Snapshot = { end: 0n, running: [] }
  let isResting = true

  function keep(entry: Entry): void {
    entries.push(entry)
    let count = entries.reduce((sum, { events }) => sum + events.length, 0)
    while (count > mostEvents && entries.length > 1) {
      count -= entries.shift()?.events.length ?? 0
      first++
    }
  }

  async function begin(): Promise<void> {
    let state = await readPresent(database)
    if (state === null) {
      await beginStream(database)
      state = await readPresent(database)
    }
    if (state === null) throw new Error('the stream of events was begun, and is not there')
    stream = state.stream
    present = state.present
    isResting = false
  }

  /** Reads one page; whether there is more. */
  async function readOn(seen: Snapshot): Promise<boolean> {
    const range = rangeBehind({ seen, page: null }, null)
    const read = await readEvents(database, { ...range, tenants: null, kinds: null })
    const position = { stream, position: { seen, page: null } }
    const reset = read === null ? 'unknown' : whyLost(position, read, read.present)
    if (read === null || reset !== null) {
      await begin()
      keep({ events: [], reset })
      return false
    }
    const page = toPage(range, read)
    if (page.events.length > 0) keep({ events: page.events, reset: null })
    present = page.to
    return page.isCut
  }

  return {
    get stream() {
      return stream
    },
    get present() {
      return present
    },
    get first() {
      return first
    },
    get next() {
      return first + entries.length
    },
    at: number => entries[number - first],
    async refresh() {
      if (isResting) await begin()
      else while (await readOn(present)) {}
    },
    rest() {
      first += entries.length
      entries = []
      isResting = true
    },
  }
}
