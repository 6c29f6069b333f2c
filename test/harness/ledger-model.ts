import type { BudgetSettings } from '../../src/contract/budget.ts'
import type { LedgerEntry } from '../../src/contract/metered-service.ts'
import type { Quote } from '../../src/contract/service.ts'
import type { BookingParts } from '../../src/ledger/booking.ts'
import { splitExactly } from '../../src/ledger/split-exactly.ts'

/** Covers a part of a call, or not. */
interface Part {
  tags: readonly string[]
  apiKeyId: string | null
  cost: bigint
  shadow: bigint
}

export interface ModelCall {
  parts: BookingParts
  quote: Quote
  state: 'held' | 'dispatched' | 'settled' | 'void' | 'unknown'
  /** The process that has it; of a quote null. */
  owner: string | null
  item: string | null
  /** The windows are numbered; this is the one that it belongs to. */
  window: number
  dispatchedIn: number | null
  /** Of a quote: the last window in which it has not run out. */
  expiresAfter: number | null
  /** What is held, by shares, as long as it is. */
  held: Part[]
  booked: Part[]
}

export interface ModelBudget {
  settings: BudgetSettings
  /** The window in which it was set, which is the first that it counts. */
  since: number
}

/** What is true of the books at one moment of a history, kept in the simplest way: every balance is added up from the calls. */
export interface Model {
  window: number
  calls: ModelCall[]
  /** Entries of calls that have no hold. */
  free: { tenantId: string; service: string; window: number; booked: Part[] }[]
  budgets: Map<string, ModelBudget>
  living: Set<string>
}

export function emptyModel(): Model {
  return { window: 0, calls: [], free: [], budgets: new Map(), living: new Set() }
}

export const isOpen = ({ state }: ModelCall) => state !== 'settled' && state !== 'void'
export const isQuote = ({ expiresAfter }: ModelCall) => expiresAfter !== null

/** What a budget must say of a window; in total, of all of them. */
export function balanceOf(model: Model, settings: BudgetSettings, window: number): { held: bigint; spent: bigint } {
  const counts = (one: { window: number }) => settings.period === 'total' || one.window === window
  let [held, spent] = [0n, 0n]
  for (const call of model.calls.filter(counts)) {
    const { service, context } = call.parts
    if (isOpen(call)) held += coveredOf(settings, context.tenantId, service, call.held)
    spent += coveredOf(settings, context.tenantId, service, call.booked)
  }
  for (const { tenantId, service, booked } of model.free.filter(counts))
    spent += coveredOf(settings, tenantId, service, booked)
  return { held, spent }
}

function coveredOf(settings: BudgetSettings, tenantId: string, service: string, parts: readonly Part[]): bigint {
  if (settings.tenantId !== '*' && settings.tenantId !== tenantId) return 0n
  if (settings.service !== null && settings.service !== service) return 0n
  return parts
    .filter(part => settings.tag === null || part.tags.includes(settings.tag))
    .filter(part => settings.apiKeyId === null || part.apiKeyId === settings.apiKeyId)
    .reduce((sum, part) => sum + (settings.money === 'real' ? part.cost : part.shadow), 0n)
}

export type Expected =
  | { kind: 'held' }
  | { kind: 'busy'; callId: string; inDoubt: boolean }
  | { kind: 'exhausted'; missing: Record<string, bigint> }

/** What a reservation must come to now; when it is `held`, the model has it afterwards. */
export function reserveInModel(model: Model, call: ModelCall): Expected {
  const { service, context } = call.parts
  const rival = model.calls.find(
    c => isOpen(c) && call.item !== null && c.item === call.item && c.parts.context.tenantId === context.tenantId,
  )
  if (rival) return { kind: 'busy', callId: rival.parts.callId, inDoubt: rival.state === 'unknown' }
  const quote = isQuote(call) ? undefined : quoteFor(model, call)
  const drawn = {
    cost: least(call.quote.costNanoUsd, quote?.held[0]?.cost ?? 0n),
    shadow: least(call.quote.shadowNanoUsd, quote?.held[0]?.shadow ?? 0n),
  }
  const missing: Record<string, bigint> = {}
  for (const [key, { settings }] of model.budgets) {
    const amount = coveredOf(settings, context.tenantId, service, call.held)
    if (amount === 0n) continue
    const isSameWindow = settings.period === 'total' || quote?.window === model.window
    const line = quote && isSameWindow ? coveredOf(settings, context.tenantId, service, quote.held) : 0n
    const { held, spent } = balanceOf(model, settings, model.window)
    const room =
      BigInt(settings.capNanoUsd) - held - spent + least(line, settings.money === 'real' ? drawn.cost : drawn.shadow)
    if (amount > room) missing[key] = amount - room
  }
  if (Object.keys(missing).length > 0) return { kind: 'exhausted', missing }
  if (quote) quote.held = quote.held.map(p => ({ ...p, cost: p.cost - drawn.cost, shadow: p.shadow - drawn.shadow }))
  model.calls.push(call)
  return { kind: 'held' }
}

function quoteFor(model: Model, { parts }: ModelCall): ModelCall | undefined {
  const { tenantId, quoteId } = parts.context
  return model.calls.find(
    c =>
      isQuote(c) &&
      c.state === 'held' &&
      quoteId !== null &&
      c.parts.context.quoteId === quoteId &&
      c.parts.context.tenantId === tenantId &&
      c.parts.service === parts.service,
  )
}

export function newCall(
  model: Model,
  parts: BookingParts,
  quote: Quote,
  rest: Pick<ModelCall, 'owner' | 'item' | 'expiresAfter'>,
): ModelCall {
  const { shares } = parts.context
  const weights = shares.map(share => share.weight)
  const cost = splitExactly(quote.costNanoUsd, weights)
  const shadow = splitExactly(quote.shadowNanoUsd, weights)
  const held = shares.map(({ tags, apiKeyId }, i) => ({
    tags,
    apiKeyId,
    cost: cost[i] ?? 0n,
    shadow: shadow[i] ?? 0n,
  }))
  return { parts, quote, state: 'held', window: model.window, dispatchedIn: null, held, booked: [], ...rest }
}

export function bookedParts(entries: readonly LedgerEntry[]): Part[] {
  return entries
    .filter(entry => entry.kind !== 'avoided')
    .map(({ tags, apiKeyId, costNanoUsd, shadowNanoUsd }) => ({
      tags,
      apiKeyId,
      cost: costNanoUsd,
      shadow: shadowNanoUsd,
    }))
}

/** Ends what nobody has any more; gives what comes free: what was not dispatched, or for nothing. `hours` is how long a window is. */
export function sweepInModel(model: Model, hours: number): string[] {
  const lost = model.calls.filter(call => isLost(model, call, hours))
  const free = lost.filter(call => call.state === 'held' || call.quote.costNanoUsd === 0n)
  for (const call of lost) {
    call.state = call.state === 'held' ? 'void' : free.includes(call) ? 'settled' : 'unknown'
    call.owner = null
  }
  return free.map(call => call.parts.callId)
}

function isLost(model: Model, { state, owner, expiresAfter, dispatchedIn }: ModelCall, hours: number): boolean {
  if (state !== 'held' && state !== 'dispatched') return false
  if (owner !== null && !model.living.has(owner)) return true
  if (expiresAfter !== null) return model.window > expiresAfter
  return dispatchedIn !== null && state === 'dispatched' && (model.window - dispatchedIn) * hours >= 2
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
