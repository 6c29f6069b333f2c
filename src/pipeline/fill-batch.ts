import type { TextOrder, WantedText } from './text-order.ts'

/** What one request of an OpenAI-compatible provider takes (source: OpenAI API reference). */
export const maxTexts = 2_048
export const maxTokens = 300_000
/** The part of a batch that belongs to whoever waits longest, so that small orders cannot hold up a large one for ever. */
const eldersPart = 4

/** An order of which some texts have not been sent yet: those from `next` on. */
export interface OpenOrder {
  order: TextOrder
  next: number
}

/** What a batch has of one order. */
export interface BatchPart {
  order: TextOrder
  texts: WantedText[]
}

/**
 * Takes the next batch out of open orders, oldest first, within the limits of one request: a quarter for the oldest, then whatever
 * has the fewest texts left, so that a large document does not delay small ones. Orders that are used up leave the list.
 */
export function fillBatch(open: OpenOrder[]): BatchPart[] {
  const room = { texts: maxTexts, tokens: maxTokens }
  const parts = new Map<OpenOrder, WantedText[]>()
  const [eldest] = open
  if (eldest) take(eldest, { texts: maxTexts / eldersPart, tokens: maxTokens / eldersPart }, room, parts)
  for (const one of open.toSorted((a, b) => left(a) - left(b))) take(one, room, room, parts)
  for (let i = open.length - 1; i >= 0; i--) if (left(open[i] as OpenOrder) === 0) open.splice(i, 1)
  return [...parts].map(([{ order }, texts]) => ({ order, texts }))
}

/** Whether what is open fills a batch. */
export function fillsBatch(open: readonly OpenOrder[]): boolean {
  let texts = 0
  let tokens = 0
  for (const { order, next } of open) {
    for (let i = next; i < order.texts.length; i++) {
      texts++
      tokens += order.texts[i]?.tokenCount ?? 0
      if (texts >= maxTexts || tokens > maxTokens) return true
    }
  }
  return false
}

type Room = { texts: number; tokens: number }

/** Moves texts of one order into the batch while both rooms last; the first text of a batch always goes in. */
function take(one: OpenOrder, part: Room, room: Room, parts: Map<OpenOrder, WantedText[]>): void {
  const within = { ...part }
  const texts = parts.get(one) ?? []
  while (left(one) > 0) {
    const text = one.order.texts[one.next] as WantedText
    const fits = text.tokenCount <= Math.min(within.tokens, room.tokens) && Math.min(within.texts, room.texts) >= 1
    const isFirst = parts.size === 0 && texts.length === 0
    if (!fits && !isFirst) break
    texts.push(text)
    one.next++
    within.texts--
    within.tokens -= text.tokenCount
    room.texts--
    room.tokens -= text.tokenCount
  }
  if (texts.length > 0) parts.set(one, texts)
}

function left({ order, next }: OpenOrder): number {
  return order.texts.length - next
}
