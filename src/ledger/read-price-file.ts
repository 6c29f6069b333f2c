import { AppError } from '../contract/failure.ts'
import { type Price, priceFileSchema, priceSchema } from '../contract/price-list.ts'

/**
 * The prices in the text of a price file. Throws `configuration_invalid` that names the file and each faulty entry: a price of
 * a provider that is not among `providers`, or two prices that begin on the same day, are faults too.
 */
export function readPriceFile(path: string, text: string, providers: ReadonlySet<string>): Price[] {
  const faults: string[] = []
  const prices: Price[] = []
  const places = new Map<string, number>()
  for (const [index, entry] of entriesOf(path, text).entries()) {
    const result = priceSchema.safeParse(entry)
    const found = result.success ? faultsAmong(result.data, index, providers, places) : result.error.issues.map(faultOf)
    faults.push(...found.map(fault => `${nameOf(entry, index)}: ${fault}`))
    if (result.success) prices.push(result.data)
  }
  if (faults.length > 0) throw invalid(path, faults.join('; '))
  return prices
}

function entriesOf(path: string, text: string): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid(path, `it is not JSON (${error instanceof Error ? error.message : error})`, error)
  }
  const file = priceFileSchema.safeParse(value)
  if (!file.success)
    throw invalid(path, `it must be an object with one list, "prices" (${file.error.issues.map(faultOf)})`)
  return file.data.prices
}

function faultsAmong(
  price: Price,
  index: number,
  providers: ReadonlySet<string>,
  places: Map<string, number>,
): string[] {
  const { provider, operation, model, effectiveFrom } = price
  if (!providers.has(provider)) return [`provider "${provider}" is none of ${[...providers].join(', ')}`]
  const place = JSON.stringify([provider, operation, model, effectiveFrom])
  const earlier = places.get(place)
  places.set(place, index)
  return earlier === undefined ? [] : [`entry ${earlier + 1} has the same effectiveFrom`]
}

function faultOf({ path, message }: { path: PropertyKey[]; message: string }): string {
  return path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message
}

/** Entries are counted from 1, as people do. */
function nameOf(entry: unknown, index: number): string {
  const model = (entry as { model?: unknown } | null)?.model
  return typeof model === 'string' ? `entry ${index + 1} (${model})` : `entry ${index + 1}`
}

function invalid(path: string, fault: string, cause?: unknown): AppError {
  return new AppError('configuration_invalid', `The price list ${path} (SLUICE_PRICE_LIST) has faults: ${fault}.`, {
    cause,
  })
}
