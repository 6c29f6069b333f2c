import { AppError } from '../../../contract/failure.ts'
import type { PriceUnits } from '../../../contract/price-list.ts'
import { openAiPrices } from '../prices.ts'

/** Prices tokens by OpenAI's list, whatever the day. */
export const listPrice: PriceUnits = (model, tokens) => {
  const price = openAiPrices.find(listed => listed.model === model)
  if (!price) throw new AppError('call_unpriceable', `There is no price for the model "${model}".`)
  return (BigInt(tokens) * price.nanoUsd) / price.perUnits
}
