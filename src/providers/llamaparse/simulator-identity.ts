import { hash } from 'node:crypto'

export interface SeededChance {
  /** A UUID for whatever the words name: the same words, the same id. */
  uuid(...words: (string | number)[]): string
  /** A number from 0 up to 1, 1 left out, for whatever the words name. */
  fraction(...words: (string | number)[]): number
}

/** Ids and chances that follow from the seed and from what they are for, so that the order of other requests changes nothing. */
export function createSeededChance(seed: number): SeededChance {
  const digest = (words: (string | number)[]) => hash('sha256', JSON.stringify([seed, ...words]), 'hex')
  return {
    uuid(...words) {
      const hex = digest(words)
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
    fraction: (...words) => Number.parseInt(digest(words).slice(0, 13), 16) / 2 ** 52,
  }
}
