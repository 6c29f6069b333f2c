import type { ResetReason } from '../contract/event.ts'
import type { EventFilter, EventRange, EventRead } from './events.sql.ts'
import type { Journal } from './journal.ts'
import { frame, type PagedEvent, rangeBehind, toPage } from './page.ts'
import { encodePosition, type Position, whyLost } from './position.ts'
import type { Snapshot } from './snapshot.ts'

/** One who follows the events, as far as the feed has to know it. */
export interface Follower {
  filter: EventFilter
  /** The entry of the journal that it reads next; null as long as it is further behind. */
  next: number | null
  hasEnded: boolean
  /** Resolves when there is something new, or it has ended (true), or the time is over (false). */
  wait(ms: number): Promise<boolean>
}

export interface FollowOptions {
  journal: Journal
  follower: Follower
  /** Behind which position it goes on; null: with what happens from now on; `unknown`: it has one that means nothing here. */
  from: { stream: string; position: Position } | 'unknown' | null
  read(range: EventRange): Promise<EventRead | null>
  heartbeatMs: number
}

/** How long a client is to wait before it comes again, for those that do so by themselves. */
const retryMs = 1_000

/**
 * The text of a stream of server-sent events: what has happened since `from`, where it stands, then what happens. The journal must have
 * been read after the call that led here, so that nobody is ahead of it.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<string> {
  const { journal, follower, from, heartbeatMs } = options
  yield `retry: ${retryMs}\n\n`
  if (from === null) yield join(options, null)
  else if (from === 'unknown') yield join(options, 'unknown')
  else yield* catchUp(options, from)
  let told = journal.present
  while (!follower.hasEnded) {
    const number = follower.next ?? journal.next
    const entry = journal.at(number)
    if (entry !== undefined) {
      follower.next = number + 1
      const text = entry.reset === null ? textOf(entry.events, follower.filter) : resetFrame(journal, entry.reset)
      if (text !== '') yield text
      continue
    }
    // Looked at again, since the position must not be ahead of what has been told.
    if ((await follower.wait(heartbeatMs)) || journal.at(number) !== undefined) continue
    const isNew = !isSame(told, journal.present)
    told = journal.present
    yield isNew ? `:\n\n${positionFrame(journal)}` : ':\n\n'
  }
}

/** Tells what has happened between a position and that of the journal, page by page, and goes over to the journal. */
async function* catchUp(
  options: FollowOptions,
  { stream, position: start }: { stream: string; position: Position },
): AsyncGenerator<string> {
  const { journal, follower, read } = options
  let position = start
  while (!follower.hasEnded) {
    if (position.page === null && isSame(position.seen, journal.present)) {
      yield join(options, null)
      return
    }
    const range = rangeBehind(position, journal.present)
    const found = await read({ ...range, ...follower.filter })
    const lost = found === null ? 'unknown' : whyLost({ stream, position }, found, journal.present)
    const page = found && toPage(range, found)
    if (page === null || lost !== null || (position.page !== null && page.isCut)) {
      yield join(options, lost ?? 'unknown')
      return
    }
    if (page.events.length > 0) yield textOf(page.events, follower.filter)
    position = { seen: page.to, page: null }
  }
}

/** From here on it reads the journal; nothing may be awaited between the two, or an event is lost. */
function join({ journal, follower }: FollowOptions, reset: ResetReason | null): string {
  follower.next = journal.next
  return reset === null ? positionFrame(journal) : resetFrame(journal, reset)
}

function positionFrame({ stream, present }: Journal): string {
  return frame('position', encodePosition(stream, { seen: present, page: null }), { at: new Date().toISOString() })
}

const messages = {
  forgotten:
    'Some of the events behind that id are not kept any more. Load again what you show; from here on nothing is missing.',
  unknown:
    'The id is not of this database, or of before it crashed. Load again what you show; from here on nothing is missing.',
} satisfies Record<ResetReason, string>

function resetFrame({ stream, present }: Journal, reason: ResetReason): string {
  const id = encodePosition(stream, { seen: present, page: null })
  return frame('reset', id, { reason, message: messages[reason] })
}

function textOf(events: readonly PagedEvent[], { tenants, kinds }: EventFilter): string {
  const seen = events.filter(
    ({ tenantId, kind }) =>
      (tenants === null || tenants.includes(tenantId)) && (kinds === null || kinds.includes(kind)),
  )
  return seen.map(event => event.frame).join('')
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return a.end === b.end && a.running.length === b.running.length && a.running.every((one, i) => one === b.running[i])
}
