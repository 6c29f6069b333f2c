import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AppError } from '../contract/failure.ts'

/**
 * The cl100k_base tokens from the installed `tiktoken` package, base64, in the order of their rank (rank 0 first).
 * Ranks without a gap are what the token table builds on, so any other layout is refused.
 */
export function loadCl100kTokens(): string[] {
  const path = fileURLToPath(import.meta.resolve('tiktoken/encoders/cl100k_base.json'))
  const { bpe_ranks: ranks } = JSON.parse(readFileSync(path, 'utf8')) as { bpe_ranks: string }
  const [mark, firstRank, ...tokens] = ranks.split(' ')
  if (mark !== '!' || firstRank !== '0' || tokens.length !== cl100kTokenCount) {
    throw new AppError('internal_error', `the token table of the tiktoken package has an unknown layout (${path})`)
  }
  return tokens
}

const cl100kTokenCount = 100_256
