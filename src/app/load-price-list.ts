import { readFile } from 'node:fs/promises'
import { AppError } from '../contract/failure.ts'
import type { Price, PriceList } from '../contract/price-list.ts'
import { readPriceFile } from '../ledger/read-price-file.ts'
import { llamaParsePrices } from '../providers/llamaparse/prices.ts'
import { endpointNames } from '../providers/openai/endpoint-profiles.ts'
import { openAiPrices } from '../providers/openai/prices.ts'

/** The list prices of every provider; a new provider adds its line. */
export const builtInPrices: readonly Price[] = [...llamaParsePrices, ...openAiPrices]

/** The built-in prices and those of the file, if one is named. Throws `configuration_invalid` for a file with faults. */
export async function loadPriceList(path: string): Promise<PriceList> {
  const providers = new Set<string>([...builtInPrices.map(price => price.provider), ...endpointNames])
  const own = path === '' ? [] : readPriceFile(path, await readText(path), providers)
  return [
    ...own.map(price => ({ ...price, origin: 'file' as const })),
    ...builtInPrices.map(price => ({ ...price, origin: 'built-in' as const })),
  ]
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'configuration_invalid',
      `The price list ${path} (SLUICE_PRICE_LIST) cannot be read: ${because}.`,
      {
        cause: error,
      },
    )
  }
}
