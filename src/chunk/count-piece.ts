import { absent, hashBytes } from './byte-table.ts'
import { backToCodePoint } from './code-point.ts'
import { createCountCache } from './count-cache.ts'
import { encodeUtf8 } from './encode-utf8.ts'
import { createByteMerger } from './merge-bytes.ts'
import type { TokenRanks } from './token-ranks.ts'

export interface PieceCounter {
  /** The exact number of tokens of one pre-tokenizer piece, `text.slice(start, end)`. */
  count(text: string, start: number, end: number): number
  /** The end of the longest prefix of the piece with at most `limit` tokens, between two code points. */
  fit(text: string, start: number, end: number, limit: number): number
}

/** Looks a piece up as a token, then as one counted before, and merges its bytes otherwise. */
export function createPieceCounter(ranks: TokenRanks): PieceCounter {
  const merger = createByteMerger(ranks)
  const known = createCountCache()
  let bytes = new Uint8Array(keptBytes)

  function encode(text: string, start: number, end: number): number {
    const wanted = Math.max((end - start) * 3, keptBytes)
    if (wanted > bytes.length || bytes.length > keptBytes) bytes = new Uint8Array(wanted)
    return encodeUtf8(text, start, end, bytes)
  }

  function count(text: string, start: number, end: number): number {
    const size = encode(text, start, end)
    const hash = hashBytes(bytes, 0, size)
    if (ranks.rankOfHashed(bytes, 0, size, hash) !== absent) return 1
    if (end - start > shortPieceUnits) return merger.count(bytes, size)
    const before = known.get(bytes, size, hash)
    if (before !== undefined) return before
    const tokens = merger.count(bytes, size)
    known.set(bytes, size, hash, tokens)
    return tokens
  }

  /** The tokens that begin an encoding are the encoding of their own text, so the prefix ends with a token. */
  function fit(text: string, start: number, end: number, limit: number): number {
    for (let units = 2 * limit + 2; ; units *= 2) {
      const stop = backToCodePoint(text, Math.min(end, start + units))
      const size = encode(text, start, stop)
      merger.count(bytes, size)
      const byteEnd = merger.endOfTokens(limit)
      if (byteEnd !== null) return start + unitsOf(text, start, byteEnd)
      if (stop === end) return end
    }
  }
  return { count, fit }
}

/** How many code units from `start` the code points take that end within the first `byteCount` bytes of UTF-8. */
function unitsOf(text: string, start: number, byteCount: number): number {
  let at = start
  for (let size = 0; ; ) {
    const point = text.codePointAt(at) as number
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (size > byteCount) return at - start
    at += point > 0xffff ? 2 : 1
  }
}

const shortPieceUnits = 64
const keptBytes = 1 << 14
