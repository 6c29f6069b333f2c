import type { ChunkSettings } from '../contract/chunk.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { TokenCounter } from './count-tokens.ts'
import { closeChunk, extendWithHeading, extendWithText, hasText, openChunk, type Packing } from './draft-chunk.ts'
import { enterHeading, type HeadingOutline } from './heading-outline.ts'
import { joinHeadings } from './join-headings.ts'
import { measurePage } from './measure-page.ts'
import { type Block, readBlocks } from './read-blocks.ts'
import { type Line, readLines } from './read-lines.ts'
import { splitText } from './split-text.ts'

/** A chunk before it gets its place in the document. */
interface PackedChunk {
  start: number
  end: number
  headingPath: string[]
  tokenCount: number
}

/** The chunks of one page, and the outline that runs on to the next. */
export function packPage(
  page: ParsedPage,
  outline: HeadingOutline,
  settings: ChunkSettings,
  counter: TokenCounter,
): { drafts: PackedChunk[]; outline: HeadingOutline } {
  const text = page.markdown
  const lines = readLines(text)
  const blocks = readBlocks(text, lines)
  const measure = measurePage(text, lines, counter, settings.maxTokens)
  const blockStarts = startsOf(blocks, lines)
  const packing: Packing = { text, lines, measure, blockStarts, settings, outline, section: 0, drafts: [], open: null }
  for (const block of blocks) {
    if (block.kind === 'heading') addHeading(packing, block)
    else addBody(packing, block)
  }
  if (packing.open && !hasText(packing.open)) joinHeadings(packing)
  closeChunk(packing)
  const drafts = packing.drafts.map(({ start, end, headingPath }) => {
    return { start, end, headingPath, tokenCount: measure.count(start, end) }
  })
  return { drafts, outline: packing.outline }
}

/** Where an overlap may begin as well as at a block: the lines of tables and code. */
function startsOf(blocks: readonly Block[], lines: readonly Line[]): Set<number> {
  const starts = new Set<number>()
  for (const { kind, first, last } of blocks) {
    for (let index = first; index <= (kind === 'rows' ? last : first); index++) starts.add((lines[index] as Line).start)
  }
  return starts
}

function rangeOf({ lines }: Packing, { first, last }: { first: number; last: number }): { start: number; end: number } {
  return { start: (lines[first] as Line).start, end: (lines[last] as Line).end }
}

/** A heading starts a chunk, except where only headings are before it in the open one. */
function addHeading(packing: Packing, block: Block & { kind: 'heading' }): void {
  const { start, end } = rangeOf(packing, block)
  if (packing.open && hasText(packing.open)) closeChunk(packing)
  if (packing.open && !fits(packing, packing.open.start, end)) joinHeadings(packing)
  packing.outline = enterHeading(packing.outline, block)
  packing.section++
  if (fits(packing, packing.open?.start ?? start, end)) extendWithHeading(packing, start, end)
  else splitText(packing, start, end, extendWithHeading)
}

function addBody(packing: Packing, block: Block): void {
  const { start, end } = rangeOf(packing, block)
  const { open } = packing
  const hasOnlyHeadings = open !== null && !hasText(open)
  if (open && fits(packing, open.start, end)) extendWithText(packing, start, end)
  else if (!hasOnlyHeadings && fits(packing, start, end)) {
    closeChunk(packing)
    openChunk(packing, start, end)
    extendWithText(packing, start, end)
  } else if (block.kind === 'rows') addRows(packing, block)
  else splitText(packing, start, end, extendWithText)
}

/** A table or code block that does not fit: as many lines as fit, each whole where it fits. */
function addRows(packing: Packing, block: Block): void {
  if (packing.open && hasText(packing.open)) closeChunk(packing)
  for (let index = block.first; index <= block.last; index++) {
    const { start, end } = rangeOf(packing, { first: index, last: index })
    if (packing.open && hasText(packing.open) && !fits(packing, packing.open.start, end)) closeChunk(packing)
    if (!packing.open) openChunk(packing, start, end)
    if (fits(packing, packing.open?.start ?? start, end)) extendWithText(packing, start, end)
    else splitText(packing, start, end, extendWithText)
  }
}

function fits({ measure, settings }: Packing, start: number, end: number): boolean {
  return measure.count(start, end) <= settings.maxTokens
}
