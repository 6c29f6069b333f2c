import { CallDeferred } from '../contract/deferral.ts'
import { asAppError, type FailureCode } from '../contract/failure.ts'
import type { Obtained } from './buy-vectors.ts'
import type { GatewayCaller, GatewayTarget } from './target.ts'
import type { WantedText } from './wanted-text.ts'

/** Vectors by the hex of the text's hash. `boughtTexts` of them were bought for this request. */
export interface FoundVectors {
  vectors: Map<string, Float32Array>
  /** The hashes of what was bought for this request, and its tokens as the provider counted them. */
  bought: Set<string>
  boughtTokens: number
}

type Obtain = (caller: GatewayCaller, target: GatewayTarget, wanted: readonly WantedText[]) => Promise<Obtained>

/** Failures that a request would meet in the same way if it tried the same text by itself. */
const shared: readonly FailureCode[] = [
  'provider_unavailable',
  'provider_rate_limited',
  'provider_refused',
  'provider_key_refused',
  'provider_out_of_credits',
  'provider_reply_malformed',
  'call_outcome_unknown',
  'call_unpriceable',
]

/**
 * Sees to it that this process looks up and buys a text once, however many requests ask for it at a time: one does, the others wait for it
 * and have a hit. When it fails for a reason of its own (its budget, its other texts), one of those that waited tries.
 */
export function createVectorFinder(obtain: Obtain) {
  const flights = new Map<string, Promise<Float32Array>>()

  /** The texts that nobody is at work on become this request's own, before anything is waited for. */
  function takeOff(caller: GatewayCaller, target: GatewayTarget, wanted: readonly WantedText[]): Promise<Obtained> {
    const obtained = obtain(caller, target, wanted)
    const keys = wanted.map(text => keyOf(caller, target, text))
    for (const [i, key] of keys.entries()) {
      const flight = obtained.then(({ vectors }) => vectors[i] as Float32Array)
      flight.catch(() => {})
      flights.set(key, flight)
    }
    const land = () => {
      for (const key of keys) flights.delete(key)
    }
    obtained.then(land, land)
    return obtained
  }

  return async (caller: GatewayCaller, target: GatewayTarget, wanted: readonly WantedText[]): Promise<FoundVectors> => {
    const result: FoundVectors = { vectors: new Map(), bought: new Set(), boughtTokens: 0 }
    for (let rest = wanted; rest.length > 0; ) {
      const theirs = rest.flatMap(text => {
        const flight = flights.get(keyOf(caller, target, text))
        return flight ? [{ text, flight }] : []
      })
      const flying = new Set(theirs.map(({ text }) => text))
      const own = rest.filter(text => !flying.has(text))
      if (own.length > 0) note(result, own, await takeOff(caller, target, own))
      const outcomes = await Promise.allSettled(theirs.map(({ flight }) => flight))
      rest = theirs.flatMap(({ text }, i) => noteOther(result, text, outcomes[i]))
    }
    return result
  }
}

function note(result: FoundVectors, texts: readonly WantedText[], { vectors, bought, boughtTokens }: Obtained): void {
  for (const [i, { textHash }] of texts.entries()) {
    const name = textHash.toString('hex')
    result.vectors.set(name, vectors[i] as Float32Array)
    if (bought[i]) result.bought.add(name)
  }
  result.boughtTokens += boughtTokens
}

/** Gives the text back if it has to be tried again. */
function noteOther(
  result: FoundVectors,
  text: WantedText,
  outcome: PromiseSettledResult<Float32Array> | undefined,
): WantedText[] {
  if (outcome?.status === 'fulfilled') {
    result.vectors.set(text.textHash.toString('hex'), outcome.value)
    return []
  }
  const failure = asAppError(outcome?.reason)
  const isShared =
    failure instanceof CallDeferred ? failure.deferral.reason !== 'budget' : shared.includes(failure.code)
  if (isShared) throw failure
  return [text]
}

function keyOf({ tenantId }: GatewayCaller, { spaceId }: GatewayTarget, { textHash }: WantedText): string {
  return `${tenantId}/${spaceId}/${textHash.toString('hex')}`
}
