import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AppError } from '../contract/failure.ts'

/**
 * The cl100k_base tokens from the installed `tiktoken` package: base64, separated by spaces, in the order of their rank (rank 0 first).
 * Ranks without a gap are what the token table builds on, so any other layout is refused.
 */
export function loadCl100kTokens(): string {
  const path = fileURLToPath(import.meta.resolve('tiktoken/encoders/cl100k_base.json'))
  const { bpe_ranks: ranks } = JSON.parse(readFileSync(path, 'utf8')) as { bpe_ranks: string }
  const tokens = ranks.slice(firstRank.length)
  if (!ranks.startsWith(firstRank) || countTokens(tokens) !== cl100kTokenCount) {
    throw new AppError('internal_error', `the token table of the tiktoken package has an unknown layout (${path})`)
  }
  return tokens
}

/** What comes before the tokens that have the ranks from 0 on. */
const firstRank = '! 0 '
export const cl100kTokenCount = 100_256

function countTokens(tokens: string): number {
  let count = 1
  for (let at = tokens.indexOf(' '); at >= 0; at = tokens.indexOf(' ', at + 1)) count++
  return count
}
