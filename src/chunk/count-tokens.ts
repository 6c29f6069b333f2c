import { backToCodePoint } from './code-point.ts'
import { createPieceCounter } from './count-piece.ts'
import { cl100kTokenCount, loadCl100kTokens } from './load-ranks.fs.ts'
import { createPieceEnd, type PieceEnd } from './piece-end.ts'
import { createTokenRanks, type TokenRanks } from './token-ranks.ts'
import { loadUnicodeClasses } from './unicode-classes.ts'

/** Ranges are offsets in UTF-16 code units that do not cut a surrogate pair; each range is counted as a text of its own. */
export interface TokenCounter {
  /**
   * The exact number of cl100k_base tokens. Special tokens such as `<|endoftext|>` are ordinary text; a lone surrogate
   * counts as U+FFFD, as in tiktoken. Beyond `limit` the count stops: the result is then some number above the limit.
   */
  count(text: string, start?: number, end?: number, limit?: number): number
  /**
   * Counts a range twice in one pass: without its trailing white space, which begins at `bodyEnd`, and with it.
   * Both numbers are above `limit` where the first is.
   */
  countLine(text: string, start: number, bodyEnd: number, end: number, limit: number): { body: number; whole: number }
  /**
   * The end of the longest prefix of the range that has at most `limit` tokens: the end of a piece of the
   * pre-tokenizer, or a place between two code points inside of a piece that is very long or the first one.
   */
  fit(text: string, start: number, end: number, limit: number): number
}

/** Counts tokens as `tiktoken` does with cl100k_base. The tables (about 4 MB) load at the first use, once a process. */
export function createTokenCounter(): TokenCounter {
  let counter: TokenCounter | undefined
  const loaded = () => {
    counter ??= createRangeCounter()
    return counter
  }
  return {
    count: (text, start, end, limit) => loaded().count(text, start, end, limit),
    countLine: (text, start, bodyEnd, end, limit) => loaded().countLine(text, start, bodyEnd, end, limit),
    fit: (text, start, end, limit) => loaded().fit(text, start, end, limit),
  }
}

function createRangeCounter(): TokenCounter {
  tables ??= loadTables()
  const { pieceEnd, ranks } = tables
  const pieces = createPieceCounter(ranks)

  function count(text: string, start = 0, end = text.length, limit = Number.POSITIVE_INFINITY): number {
    if (end - start > limit * ranks.maxTokenBytes) return end - start
    let total = 0
    for (let at = start; at < end && total <= limit; ) {
      const next = pieceEnd(text, at, end)
      total += pieces.count(text, at, next)
      at = next
    }
    return total
  }

  function countLine(text: string, start: number, bodyEnd: number, end: number, limit: number) {
    const reach = limit * ranks.maxTokenBytes
    if (bodyEnd - start > reach) return { body: bodyEnd - start, whole: bodyEnd - start }
    if (end - bodyEnd > reach) return { body: count(text, start, bodyEnd, limit), whole: end - bodyEnd }
    let whole = 0
    let body = 0
    for (let at = start; at < end && whole <= limit; ) {
      const next = pieceEnd(text, at, end)
      const tokens = pieces.count(text, at, next)
      // the piece that crosses into the white space is punctuation with its newlines: without them it is one piece, too
      if (at < bodyEnd) body = next <= bodyEnd ? whole + tokens : whole + pieces.count(text, at, bodyEnd)
      whole += tokens
      at = next
    }
    return { body, whole }
  }

  function fit(text: string, start: number, end: number, limit: number): number {
    const reach = backToCodePoint(text, Math.min(end, start + limit * ranks.maxTokenBytes + 1))
    let total = 0
    for (let at = start; at < reach; ) {
      const next = pieceEnd(text, at, reach)
      if (next - at > longPieceUnits) {
        const cut = pieces.fit(text, at, next, limit - total)
        if (cut < next) return cut
      }
      total += pieces.count(text, at, next)
      if (total > limit) return at > start ? at : pieces.fit(text, at, next, limit)
      at = next
    }
    return reach
  }
  return { count, countLine, fit }
}

let tables: { pieceEnd: PieceEnd; ranks: TokenRanks } | undefined

function loadTables() {
  return {
    pieceEnd: createPieceEnd(loadUnicodeClasses()),
    ranks: createTokenRanks(loadCl100kTokens(), cl100kTokenCount),
  }
}

/** A longer piece is no word: it may be cut inside. */
const longPieceUnits = 64
