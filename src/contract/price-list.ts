import { z } from 'zod'
import { type NanoUsd, nanoUsdSchema } from './money.ts'
import { type ServiceName, serviceNames } from './provenance.ts'

/** What the price of each operation counts. */
export const unitOfOperation = { parse: 'page', embed: 'token' } as const satisfies Record<ServiceName, string>

const amount = z
  .union([z.string().regex(/^\d{1,18}$/, 'a whole number ≥ 0, as digits'), z.int().min(0)])
  .transform(BigInt)

/**
 * One price: `nanoUsd` for every `perUnits` units, e.g. 20,000,000 for 1,000,000 tokens ($0.02). Days are UTC; `effectiveTo`
 * is the first day on which it is no longer in force. In JSON the amounts are strings of digits or whole numbers.
 */
export const priceSchema = z
  .strictObject({
    provider: z.string().min(1),
    operation: z.enum(serviceNames),
    model: z.string().min(1).describe('model or tier'),
    unit: z.enum(Object.values(unitOfOperation)),
    nanoUsd: amount,
    perUnits: amount.refine(units => units > 0n, 'above 0'),
    effectiveFrom: z.iso.date(),
    effectiveTo: z.iso.date().optional(),
    source: z.string().min(1).describe('where the price was read'),
  })
  .refine(price => price.unit === unitOfOperation[price.operation], {
    path: ['unit'],
    error: 'is not what this operation counts (parse: page, embed: token)',
  })
  .refine(price => price.effectiveTo === undefined || price.effectiveFrom < price.effectiveTo, {
    path: ['effectiveTo'],
    error: 'must be after effectiveFrom',
  })
export type Price = z.output<typeof priceSchema>

/** A file of prices, which SLUICE_PRICE_LIST names. */
export const priceFileSchema = z.strictObject({ prices: z.array(z.unknown()) })

/** Every known price. Those from the file win over the built-in ones for the same provider, operation and model, by date. */
export type PriceList = readonly (Price & { origin: PriceOrigin })[]
const priceOriginSchema = z.enum(['built-in', 'file'])
type PriceOrigin = z.infer<typeof priceOriginSchema>

/** What `units` units cost a provider's customer now. Throws `call_unpriceable` for a model without a price. */
export type PriceUnits = (model: string, units: number) => NanoUsd

/** Answer of `GET /v1/prices`; `inForce` is true for the one that prices a call made `at` that time. */
export const priceListViewSchema = z.object({
  at: z.iso.datetime(),
  prices: z.array(
    z.object({
      ...priceSchema.shape,
      nanoUsd: nanoUsdSchema,
      perUnits: z.string().regex(/^\d+$/),
      effectiveTo: z.iso.date().nullable(),
      origin: priceOriginSchema,
      inForce: z.boolean(),
    }),
  ),
})
export type PriceListView = z.infer<typeof priceListViewSchema>
