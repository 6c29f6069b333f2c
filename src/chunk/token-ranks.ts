import { absent, createByteTable, hashBytes } from './byte-table.ts'

/** The tokens of an encoding. A rank is `absent` where the bytes are no token. */
export interface TokenRanks {
  rankOf(bytes: Uint8Array, start: number, end: number): number
  /** The same with the hash of the bytes, where it is known already. */
  rankOfHashed(bytes: Uint8Array, start: number, end: number, hash: number): number
  maxTokenBytes: number
}

/** `tokens` are base64 in the order of their rank, rank 0 first. */
export function createTokenRanks(tokens: readonly string[]): TokenRanks {
  const base64Length = tokens.reduce((sum, token) => sum + token.length, 0)
  const table = createByteTable(tokens.length, Math.ceil(base64Length * 0.75))
  const scratch = Buffer.alloc(tokens.reduce((most, token) => Math.max(most, token.length), 0))
  let maxTokenBytes = 0
  for (const token of tokens) {
    const length = scratch.write(token, 'base64')
    maxTokenBytes = Math.max(maxTokenBytes, length)
    table.add(scratch, 0, length, hashBytes(scratch, 0, length))
  }

  function rankOfHashed(bytes: Uint8Array, start: number, end: number, hash: number): number {
    return end - start > maxTokenBytes ? absent : table.find(bytes, start, end, hash)
  }

  function rankOf(bytes: Uint8Array, start: number, end: number): number {
    return end - start > maxTokenBytes ? absent : table.find(bytes, start, end, hashBytes(bytes, start, end))
  }
  return { rankOf, rankOfHashed, maxTokenBytes }
}
