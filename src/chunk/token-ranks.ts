import { absent, createByteTable, hashBytes } from './byte-table.ts'

/** The tokens of an encoding. A rank is `absent` where the bytes are no token. */
export interface TokenRanks {
  rankOf(bytes: Uint8Array, start: number, end: number): number
  /** The same with the hash of the bytes, where it is known already. */
  rankOfHashed(bytes: Uint8Array, start: number, end: number, hash: number): number
  maxTokenBytes: number
}

/**
 * `tokens` are base64, separated by spaces, in the order of their rank, rank 0 first; `count` is their number. All are decoded in one pass: a
 * string for each of them takes twice as long, and a process waits for this before its first count.
 */
export function createTokenRanks(tokens: string, count: number): TokenRanks {
  const chars = Buffer.from(tokens, 'latin1')
  const table = createByteTable(count, Math.ceil(chars.length * 0.75))
  const token = new Uint8Array(longestToken)
  let [length, maxTokenBytes, bits, bitCount] = [0, 0, 0, 0]
  for (let at = 0; at <= chars.length; at++) {
    const char = chars[at] ?? space
    if (char === space) {
      table.add(token, 0, length, hashBytes(token, 0, length))
      maxTokenBytes = Math.max(maxTokenBytes, length)
      length = bits = bitCount = 0
    } else if (char !== padding) {
      bits = ((bits << 6) | (sextets[char] as number)) & 0xfff
      bitCount += 6
      if (bitCount < 8) continue
      bitCount -= 8
      token[length++] = bits >> bitCount
    }
  }

  function rankOfHashed(bytes: Uint8Array, start: number, end: number, hash: number): number {
    return end - start > maxTokenBytes ? absent : table.find(bytes, start, end, hash)
  }

  function rankOf(bytes: Uint8Array, start: number, end: number): number {
    return end - start > maxTokenBytes ? absent : table.find(bytes, start, end, hashBytes(bytes, start, end))
  }
  return { rankOf, rankOfHashed, maxTokenBytes }
}

const longestToken = 256
const space = 0x20
const padding = 0x3d
const sextets = new Uint8Array(128)
for (const [i, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  sextets[char.charCodeAt(0)] = i
