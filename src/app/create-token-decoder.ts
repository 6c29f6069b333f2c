import { loadCl100kTokens } from '../chunk/load-ranks.fs.ts'

/**
 * Turns cl100k_base tokens back into their text: null when a number is no ordinary token, or when their bytes are not whole UTF-8, as
 * where a text was cut inside of a character. The table (about 2 MB) loads at the first use.
 */
export function createTokenDecoder(): (tokens: readonly number[]) => string | null {
  let table: readonly string[] | undefined
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return tokens => {
    table ??= loadCl100kTokens().split(' ')
    const parts: Buffer[] = []
    for (const token of tokens) {
      const base64 = table[token]
      if (base64 === undefined) return null
      parts.push(Buffer.from(base64, 'base64'))
    }
    try {
      return decoder.decode(Buffer.concat(parts))
    } catch {
      return null
    }
  }
}
