import type { Price } from '../../contract/price-list.ts'

const million = { unit: 'token', perUnits: 1_000_000n } as const
const embeddings = {
  provider: 'openai',
  operation: 'embed',
  effectiveFrom: '2024-01-25',
  source: 'https://openai.com/api/pricing (as of 2026-11)',
} as const

/** OpenAI's list prices, since the models came out: $0.02 and $0.13 for a million tokens. */
export const openAiPrices: readonly Price[] = [
  { ...embeddings, model: 'text-embedding-3-small', nanoUsd: 20_000_000n, ...million },
  { ...embeddings, model: 'text-embedding-3-large', nanoUsd: 130_000_000n, ...million },
]
