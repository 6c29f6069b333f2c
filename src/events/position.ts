import { decodeSnapshot, encodeSnapshot, firstUnseen, type Snapshot } from './snapshot.ts'

/**
 * How far a reader has come: it has all events of the transactions in `seen`, and of the page from there to `page.until`, which comes in
 * the order of the events' numbers, all up to `page.after`.
 */
export interface Position {
  seen: Snapshot
  page: { until: Snapshot; after: bigint } | null
}

/** A position in one stream: the `id` by which a reader goes on. `stream` says whose transactions are meant. */
export function encodePosition(stream: string, { seen, page }: Position): string {
  const parts = page === null ? [] : [encodeSnapshot(page.until), page.after.toString(36)]
  return [stream, encodeSnapshot(seen), ...parts].join('.')
}

/** Null for a text that `encodePosition` has not made. */
export function decodePosition(text: string): { stream: string; position: Position } | null {
  const [stream = '', seenText = '', untilText, afterText, ...rest] = text.split('.')
  const seen = decodeSnapshot(seenText)
  if (seen === null || rest.length > 0) return null
  if (untilText === undefined) return { stream, position: { seen, page: null } }
  const until = decodeSnapshot(untilText)
  const after = decodeSnapshot(afterText ?? '')
  if (until === null || after === null || after.running.length > 0) return null
  return { stream, position: { seen, page: { until, after: after.end } } }
}

export interface StreamState {
  stream: string
  /** The last transaction of which an event has been forgotten. */
  forgottenUntil: bigint
}

/** Why a reader at `position` cannot go on without having missed something; null if it can. `present` is what is seen now. */
export function whyLost(
  { stream, position }: { stream: string; position: Position },
  state: StreamState,
  present: Snapshot,
): 'forgotten' | 'unknown' | null {
  if (stream !== state.stream) return 'unknown'
  if ((position.page?.until ?? position.seen).end > present.end) return 'unknown'
  // A database that was restored from a dump can have notes of transactions that are still to come.
  const isPast = state.forgottenUntil < present.end
  return isPast && firstUnseen(position.seen) <= state.forgottenUntil ? 'forgotten' : null
}
