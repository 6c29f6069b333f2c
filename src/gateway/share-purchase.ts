import { CallDeferred } from '../contract/deferral.ts'
import { asAppError, type FailureCode } from '../contract/failure.ts'
import type { GatewayCaller, GatewayTarget } from './target.ts'
import type { WantedText } from './wanted-text.ts'

/** `vectors[i]` belongs to `wanted[i]`. */
export interface Purchased {
  vectors: Float32Array[]
  /** As the provider counted; of what was bought together, each has its own texts' share. */
  tokens: number
}

export type Buy = (caller: GatewayCaller, target: GatewayTarget, wanted: readonly WantedText[]) => Promise<Purchased>

interface Wish {
  wanted: readonly WantedText[]
  resolve(purchased: Purchased): void
  reject(error: unknown): void
}

/** A larger request gains nothing by company, and would keep the others waiting. */
const maxSharedTexts = 64
const maxSharedTokens = 8_000

/** What can be the fault of one of those that share a request: then each tries alone. */
const ownFaults: readonly FailureCode[] = ['budget_exhausted', 'quote_exceeded', 'call_invalid', 'vector_invalid']

/**
 * Small purchases that begin in the same moment, of one key with the same tags, share a call: one hold, one request, one transaction. Nothing
 * waits for company.
 */
export function sharePurchases(buy: Buy): Buy {
  const desks = new Map<string, { caller: GatewayCaller; target: GatewayTarget; wishes: Wish[] }>()

  async function buyTogether(caller: GatewayCaller, target: GatewayTarget, wishes: readonly Wish[]): Promise<void> {
    try {
      const purchased = await buy(
        caller,
        target,
        wishes.flatMap(wish => wish.wanted),
      )
      let at = 0
      for (const { wanted, resolve } of wishes) {
        const vectors = purchased.vectors.slice(at, at + wanted.length)
        resolve({ vectors, tokens: wishes.length === 1 ? purchased.tokens : tokensOf(wanted) })
        at += wanted.length
      }
    } catch (error) {
      const isShared = wishes.length > 1 && canBeOwnFault(error)
      for (const wish of wishes) {
        if (isShared) void buyTogether(caller, target, [wish])
        else wish.reject(error)
      }
    }
  }

  function open(key: string): void {
    const desk = desks.get(key)
    desks.delete(key)
    if (desk) for (const group of groupsOf(desk.wishes)) void buyTogether(desk.caller, desk.target, group)
  }

  return (caller, target, wanted) =>
    new Promise((resolve, reject) => {
      const key = JSON.stringify([caller.tenantId, caller.apiKeyId, target.spaceId, ...caller.tags])
      const desk = desks.get(key) ?? { caller, target, wishes: [] }
      if (desk.wishes.push({ wanted, resolve, reject }) > 1) return
      desks.set(key, desk)
      setImmediate(open, key)
    })
}

function groupsOf(wishes: readonly Wish[]): Wish[][] {
  const groups: Wish[][] = []
  let texts = 0
  let tokens = 0
  for (const wish of wishes) {
    texts += wish.wanted.length
    tokens += tokensOf(wish.wanted)
    const group = groups.at(-1)
    if (group && texts <= maxSharedTexts && tokens <= maxSharedTokens) {
      group.push(wish)
    } else {
      groups.push([wish])
      texts = wish.wanted.length
      tokens = tokensOf(wish.wanted)
    }
  }
  return groups
}

function canBeOwnFault(error: unknown): boolean {
  if (error instanceof CallDeferred) return ['budget', 'in_progress'].includes(error.deferral.reason)
  return ownFaults.includes(asAppError(error).code)
}

function tokensOf(wanted: readonly WantedText[]): number {
  return wanted.reduce((sum, text) => sum + text.tokenCount, 0)
}
