import { AppError } from '../../contract/failure.ts'
import type { NanoUsd } from '../../contract/money.ts'

/**
 * What the embedding of `tokens` tokens by `model` costs, in nano-dollars. `listed` replaces the price list, for models
 * that it does not hold. Fails with `call_unpriceable` where no price is known: an unknown price is never taken as zero.
 */
export function priceTokens(model: string, tokens: number, listed?: NanoUsd): NanoUsd {
  const nanoUsdPerToken = listed ?? nanoUsdPerTokenByModel.get(model)
  if (nanoUsdPerToken === undefined) {
    throw new AppError('call_unpriceable', `There is no price for embeddings by the model "${model}" at OpenAI.`)
  }
  return BigInt(tokens) * nanoUsdPerToken
}

/** OpenAI's list, 2026-11-23: $0.02 and $0.13 per million tokens. */
const nanoUsdPerTokenByModel: ReadonlyMap<string, NanoUsd> = new Map([
  ['text-embedding-3-small', 20n],
  ['text-embedding-3-large', 130n],
])
