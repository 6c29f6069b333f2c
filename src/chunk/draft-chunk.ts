import type { ChunkSettings } from '../contract/chunk.ts'
import { findOverlap } from './find-overlap.ts'
import { type HeadingOutline, headingPathOf } from './heading-outline.ts'
import type { PageMeasure } from './measure-page.ts'
import type { Line } from './read-lines.ts'

/** A chunk of the page in the making. Its text so far is `[start, end)`. */
export interface DraftChunk {
  start: number
  end: number
  /** Where the part begins that no chunk before it has; before it is the overlap. */
  freshStart: number
  /** Where its text below headings begins and ends; null while it has only headings. */
  textStart: number | null
  textEnd: number
  section: number
  headingPath: string[]
}

/** One page on its way through the chunker. `section` counts headings; `open` is the chunk that still takes text. */
export interface Packing {
  readonly text: string
  readonly lines: readonly Line[]
  readonly measure: PageMeasure
  readonly blockStarts: ReadonlySet<number>
  readonly settings: ChunkSettings
  readonly drafts: DraftChunk[]
  outline: HeadingOutline
  section: number
  open: DraftChunk | null
}

/** Opens a chunk at `start`, with an overlap that leaves room for what comes first, `[start, unitEnd)`, if that is given. */
export function openChunk(packing: Packing, start: number, unitEnd?: number): DraftChunk {
  const open: DraftChunk = {
    start: overlapStart(packing, start, unitEnd),
    end: start,
    freshStart: start,
    textStart: null,
    textEnd: start,
    section: packing.section,
    headingPath: [],
  }
  packing.open = open
  return open
}

function overlapStart(packing: Packing, start: number, unitEnd: number | undefined): number {
  const { text, measure, blockStarts, settings } = packing
  const previous = packing.drafts.at(-1)
  if (!previous || previous.section !== packing.section || previous.textStart === null) return start
  // headings that were joined to the previous chunk belong to a later section
  if (previous.textEnd < previous.end) return start
  const from = Math.max(previous.textStart, previous.start + 1)
  for (let limit = settings.overlapTokens; limit > 0; limit >>= 1) {
    const at = findOverlap(text, measure, blockStarts, { start: from, end: previous.end, limit })
    if (at >= previous.end) return start
    if (unitEnd === undefined || measure.count(at, unitEnd) <= settings.maxTokens) return at
  }
  return start
}

export function extendWithText(packing: Packing, start: number, end: number): void {
  const open = packing.open ?? openChunk(packing, start, end)
  open.end = end
  open.textStart ??= start
  open.textEnd = end
}

export function extendWithHeading(packing: Packing, start: number, end: number): void {
  const open = packing.open ?? openChunk(packing, start, end)
  open.end = end
  open.section = packing.section
}

/** Ends the open chunk, if there is one. */
export function closeChunk(packing: Packing): void {
  const { open } = packing
  if (!open) return
  open.headingPath = headingPathOf(packing.outline)
  packing.drafts.push(open)
  packing.open = null
}

/** Whether the chunk has more than headings. */
export function hasText(draft: DraftChunk): boolean {
  return draft.textStart !== null
}
