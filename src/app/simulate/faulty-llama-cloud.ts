import { recognizeCall } from '../../providers/llamaparse/simulator-calls.ts'
import { faultHeader, readFaultHeader } from '../../providers/llamaparse/simulator-fault-header.ts'
import { createFaultSource, type ReadyFault } from '../../providers/llamaparse/simulator-faults.ts'
import { createSeededChance } from '../../providers/llamaparse/simulator-identity.ts'
import { writeFaultText } from './fault-text.ts'
import type { FaultRates } from './read-faults.ts'

/** A request with the faults that hit it. */
interface Faulted {
  request: Request
  faults: string[]
}

export interface FaultChooser<Fault> {
  choose(request: Request): Faulted
  push(faults: readonly Fault[]): void
  counters(): Record<string, number>
}

/**
 * Chooses the faults in front of LlamaCloud's simulator, by the same rules and the same chance as the simulator itself would, and writes them into
 * the header by which it takes faults; so they can be told and counted.
 */
export function createLlamaCloudFaults(rates: FaultRates['llamaparse'], seed: number): FaultChooser<ReadyFault> {
  const source = createFaultSource(rates, createSeededChance(seed))
  const ordinals = new Map<string, number>()
  const counts: Record<string, number> = {}
  return {
    push: source.push,
    counters: () => ({ ...counts }),
    choose(request) {
      const call = recognizeCall(request)
      const asked = readFaultHeader(request.headers.get(faultHeader))
      if ('status' in call || 'fault' in asked) return { request, faults: [] }
      const ordinal = (ordinals.get(call.name) ?? 0) + 1
      ordinals.set(call.name, ordinal)
      const faults = source.next(call.name, ordinal, asked)
      if (faults.length === 0) return { request, faults: [] }
      for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1
      request.headers.set(faultHeader, faults.map(writeFaultText).join(', '))
      return { request, faults: faults.map(({ kind }) => kind) }
    },
  }
}
