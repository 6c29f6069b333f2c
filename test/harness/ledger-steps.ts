import fc from 'fast-check'

/**
 * What may happen to the books. Numbers that name a call, a process, a tenant or a budget count from 0 among those that there are;
 * amounts are nano-dollars, small ones, so that caps are reached often.
 */
export type Step =
  | ({ kind: 'reserve'; process: number; item: number | null; ofQuote: boolean; shares: StepShare[] } & StepQuote)
  | ({ kind: 'quote'; lifetime: number; share: StepShare } & StepQuote)
  | { kind: 'dispatch'; call: number; process: number | null }
  | { kind: 'settle'; call: number; difference: StepDifference; twice: boolean }
  | { kind: 'void'; call: number }
  | { kind: 'markUnknown'; call: number }
  | { kind: 'crash'; process: number }
  | { kind: 'sweep' }
  | ({ kind: 'setBudget'; slot: number } & StepBudget)
  | { kind: 'changeCap'; slot: number; cap: bigint }
  | { kind: 'removeBudget'; slot: number }
  | { kind: 'bookFree'; tenant: number; service: 'parse' | 'embed'; shadow: bigint; avoided: boolean; share: StepShare }
  | { kind: 'windowEnds' }

interface StepQuote {
  tenant: number
  service: 'parse' | 'embed'
  cost: bigint
  shadow: bigint
}

export interface StepShare {
  tags: string[]
  hasKey: boolean
  weight: number
}

/** What a call costs more (or less) than it was quoted; never less than nothing. */
interface StepDifference {
  cost: bigint
  shadow: bigint
}

export interface StepBudget {
  service: 'parse' | 'embed' | null
  money: 'real' | 'shadow'
  cap: bigint
  tag: string | null
  hasKey: boolean
  total: boolean
}

export const processCount = 3
export const slotCount = 5

const service = fc.constantFrom('parse' as const, 'embed' as const)
const amount = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 40n }) },
)
const cap = fc.bigInt({ min: 0n, max: 120n })
const call = fc.nat({ max: 30 })
const process = fc.nat({ max: processCount - 1 })
const slot = fc.nat({ max: slotCount - 1 })
const tenant = fc.nat({ max: 1 })
const quote = { tenant, service, cost: amount, shadow: amount }
const share = fc.record({
  tags: fc.subarray(['a', 'b']),
  hasKey: fc.boolean(),
  weight: fc.nat({ max: 3 }),
})
const difference = fc.oneof(
  fc.constant({ cost: 0n, shadow: 0n }),
  fc.record({ cost: fc.bigInt({ min: -40n, max: 25n }), shadow: fc.bigInt({ min: -40n, max: 25n }) }),
)
const budget = {
  service: fc.option(service),
  money: fc.constantFrom('real' as const, 'real' as const, 'shadow' as const),
  cap,
  tag: fc.option(fc.constantFrom('a', 'b'), { nil: null, freq: 2 }),
  hasKey: fc.boolean(),
  total: fc.boolean(),
}
const kind = <Kind extends Step['kind']>(name: Kind) => ({ kind: fc.constant(name) })

const steps: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 12,
    arbitrary: fc.record({
      ...kind('reserve'),
      ...quote,
      process,
      item: fc.option(fc.nat({ max: 2 }), { nil: null, freq: 1 }),
      ofQuote: fc.boolean(),
      shares: fc.array(share, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ ...kind('quote'), ...quote, share, lifetime: fc.integer({ min: 1, max: 2 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ ...kind('dispatch'), call, process: fc.option(process, { nil: null, freq: 1 }) }),
  },
  { weight: 8, arbitrary: fc.record({ ...kind('settle'), call, difference, twice: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ ...kind('void'), call }) },
  { weight: 2, arbitrary: fc.record({ ...kind('markUnknown'), call }) },
  { weight: 2, arbitrary: fc.record({ ...kind('crash'), process }) },
  { weight: 3, arbitrary: fc.record(kind('sweep')) },
  { weight: 5, arbitrary: fc.record({ ...kind('setBudget'), slot, ...budget }) },
  { weight: 3, arbitrary: fc.record({ ...kind('changeCap'), slot, cap }) },
  { weight: 1, arbitrary: fc.record({ ...kind('removeBudget'), slot }) },
  {
    weight: 2,
    arbitrary: fc.record({ ...kind('bookFree'), tenant, service, shadow: amount, avoided: fc.boolean(), share }),
  },
  { weight: 3, arbitrary: fc.record(kind('windowEnds')) },
]

/** Up to thirty steps, after two budgets have been set; windows that end are hours, or days, in all of a history. */
export const histories = fc.record({
  unit: fc.constantFrom('hour' as const, 'day' as const),
  first: fc.array(fc.record({ ...kind('setBudget'), slot, ...budget }), { minLength: 2, maxLength: 2 }),
  steps: fc.array(fc.oneof(...steps), { minLength: 1, maxLength: 30, size: 'max' }),
})
export type History = (typeof histories extends fc.Arbitrary<infer H> ? H : never) & {}
