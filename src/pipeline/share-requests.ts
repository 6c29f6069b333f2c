import { setTimeout as sleep } from 'node:timers/promises'
import { CallDeferred } from '../contract/deferral.ts'
import { type AppError, asAppError, type FailureCode } from '../contract/failure.ts'
import { type BatchPart, fillBatch, fillsBatch, type OpenOrder } from './fill-batch.ts'
import type { Lane, TextOrder, WantedText } from './text-order.ts'

export interface SharingOptions {
  /** Embeds and stores one batch; it fails as a whole. */
  send(lane: Lane, parts: readonly BatchPart[]): Promise<void>
  /** How long a batch that is not full waits for more, in milliseconds. */
  lingerMs: number
  /** Batches of one lane that are under way at once. */
  inFlight: number
}

/** Failures that one document alone can cause: then those that merely share its batch are tried without it. */
const textFaults: readonly FailureCode[] = [
  'call_invalid',
  'vector_invalid',
  'provider_not_configured',
  'call_deferred',
  'budget_exhausted',
]

interface OpenLane {
  lane: Lane
  orders: OpenOrder[]
  /** Parts of batches that failed, each to be sent alone. */
  again: BatchPart[][]
  senders: number
  /** One of them is gathering the next batch. */
  gathering: boolean
}

/**
 * Lets orders of many documents and jobs share requests: a batch goes out when it is full, or when nothing has come for it within the
 * linger. Resolves when each text of the order has been stored or has failed.
 */
export function shareRequests<Text extends WantedText>(
  options: SharingOptions,
): (order: TextOrder<Text>) => Promise<void> {
  const lanes = new Map<string, OpenLane>()
  return async order => {
    if (order.texts.length === 0) return
    const key = JSON.stringify([order.lane.tenantId, order.lane.spaceId, order.lane.purpose, order.lane.quoteId])
    const open = lanes.get(key) ?? { lane: order.lane, orders: [], again: [], senders: 0, gathering: false }
    lanes.set(key, open)
    const { promise, tracked } = track(order)
    open.orders.push({ order: tracked as unknown as TextOrder, next: 0 })
    startSender(options, open, () => lanes.delete(key))
    await promise
  }
}

/** One more sender, if there is work for it; `idle` is told when the last one has ended. */
function startSender(options: SharingOptions, open: OpenLane, idle: () => void): void {
  const isWork = open.orders.length > 0 || open.again.length > 0
  if (open.gathering || open.senders >= options.inFlight || !isWork) return
  open.senders++
  open.gathering = true
  void sendAll(options, open, idle).finally(() => {
    open.senders--
    if (open.senders === 0) idle()
  })
}

/** The order, and a promise of its end. */
function track<Text extends WantedText>(order: TextOrder<Text>) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = order.texts.length
  const end = (texts: readonly Text[], tell: () => void) => {
    tell()
    waiting -= texts.length
    if (waiting === 0) resolve()
  }
  const tracked: TextOrder<Text> = {
    ...order,
    stored: texts => end(texts, () => order.stored(texts)),
    failed: (texts, error) => end(texts, () => order.failed(texts, error)),
  }
  return { promise, tracked }
}

/** Gathers a batch and sends it, until there is none. Who gathers lets the next one start before sending. */
async function sendAll(options: SharingOptions, open: OpenLane, idle: () => void): Promise<void> {
  for (;;) {
    open.gathering = true
    const parts = await gather(options.lingerMs, open)
    open.gathering = false
    if (parts.length === 0) return
    startSender(options, open, idle)
    await sendParts(options, open, parts)
    if (open.gathering) return
  }
}

async function gather(lingerMs: number, open: OpenLane): Promise<BatchPart[]> {
  dropAborted(open.orders)
  if (open.again.length === 0 && open.orders.length > 0 && !fillsBatch(open.orders)) await sleep(lingerMs)
  dropAborted(open.orders)
  return open.again.shift() ?? fillBatch(open.orders)
}

async function sendParts({ send }: SharingOptions, open: OpenLane, parts: readonly BatchPart[]): Promise<void> {
  try {
    await send(open.lane, parts)
    for (const { order, texts } of parts) order.stored(texts)
  } catch (error) {
    open.again.push(...afterFailure(parts, asAppError(error)))
  }
}

/** Texts of a document that nobody wants any more are not paid for. */
function dropAborted(orders: OpenOrder[]): void {
  for (let i = orders.length - 1; i >= 0; i--) {
    const { order, next } = orders[i] as OpenOrder
    if (!order.signal.aborted) continue
    orders.splice(i, 1)
    order.failed(order.texts.slice(next), asAppError(order.signal.reason))
  }
}

/** What is to be tried again in smaller parts; the rest has failed. */
function afterFailure(parts: readonly BatchPart[], failure: AppError): BatchPart[][] {
  const smaller = neverFits(failure) ? halves(parts) : parts.map(part => [part])
  if (smaller.length > 1 && textFaults.includes(failure.code)) return smaller
  for (const { order, texts } of parts) order.failed(texts, failure)
  return []
}

/** More than a budget allows in any of its windows: in parts it can go on, as far as there is money. */
function neverFits(failure: AppError): boolean {
  return failure instanceof CallDeferred && failure.deferral.budget?.neverFits === true
}

function halves(parts: readonly BatchPart[]): BatchPart[][] {
  const half = Math.ceil(parts.reduce((sum, { texts }) => sum + texts.length, 0) / 2)
  const both: [BatchPart[], BatchPart[]] = [[], []]
  let taken = 0
  for (const { order, texts } of parts) {
    const first = texts.slice(0, Math.max(0, half - taken))
    const second = texts.slice(first.length)
    if (first.length > 0) both[0].push({ order, texts: first })
    if (second.length > 0) both[1].push({ order, texts: second })
    taken += texts.length
  }
  return both.filter(part => part.length > 0)
}
