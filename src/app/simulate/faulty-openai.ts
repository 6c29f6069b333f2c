import { faultHeader } from '../../providers/llamaparse/simulator-fault-header.ts'
import { latencyOf } from '../../providers/llamaparse/simulator-faults.ts'
import { createSeededChance } from '../../providers/llamaparse/simulator-identity.ts'
import { sleep } from '../../providers/llamaparse/simulator-sleep.ts'
import type { OpenAiSimulator } from '../../providers/openai/simulator.ts'
import { errorAnswer } from '../../providers/openai/simulator-answer.ts'
import { recognizeCall } from '../../providers/openai/simulator-calls.ts'
import { canHit } from '../../providers/openai/simulator-faults.ts'
import { readFaultText } from './fault-text.ts'
import { type OpenAiFault, openAiFaultSchema, toSimulatorFault } from './openai-faults.ts'
import type { FaultRates } from './read-faults.ts'

export interface FaultyOpenAi {
  /** Answers a request; `note` is told the kinds of the faults that hit it. */
  fetch(request: Request, note: (kinds: string[]) => void): Promise<Response>
  push(faults: readonly OpenAiFault[]): void
  counters(): Record<string, number>
}

/**
 * OpenAI's simulator with latency, and with faults that the request's header asks for, that were pushed, or that the seed decides on; a request has
 * at most one beside latency. Which ones follows from the seed and from how many requests there were before.
 */
export function createFaultyOpenAi(
  simulator: OpenAiSimulator,
  { rates, seed, latency }: { rates: FaultRates['openai']; seed: number; latency: { minMs: number; maxMs: number } },
): FaultyOpenAi {
  const chance = createSeededChance(seed)
  const queue: OpenAiFault[] = []
  const counts: Record<string, number> = {}
  let ordinal = 0

  function choose(call: string, asked: readonly OpenAiFault[]): OpenAiFault[] {
    const drawn = rates.filter(({ probability }, i) => chance.fraction('openai', ordinal, i) < probability)
    const all = [...asked, ...queue, ...drawn.map(({ fault }) => fault)]
    const wait = all.find(({ kind }) => kind === 'latency')
    const answer = all.find(({ kind }) => kind !== 'latency' && canHit(kind, call))
    const chosen = [wait, answer].filter(fault => fault !== undefined)
    for (const fault of chosen) {
      const place = queue.indexOf(fault)
      if (place !== -1) queue.splice(place, 1)
      counts[fault.kind] = (counts[fault.kind] ?? 0) + 1
    }
    return chosen
  }

  return {
    push: faults => void queue.push(...faults.map(fault => ({ ...fault }))),
    counters: () => ({ ...counts }),
    async fetch(request, note) {
      ordinal++
      const asked = readHeader(request.headers.get(faultHeader))
      if (asked === null) return refuseHeader()
      const call = recognizeCall(request)
      const faults = choose('status' in call ? 'none' : call.name, asked)
      note(faults.map(({ kind }) => kind))
      const wait = faults.find(fault => fault.kind === 'latency') ?? latency
      const waitMs = latencyOf(wait, chance.fraction('openai-latency', ordinal))
      if (waitMs > 0) await sleep(waitMs, request.signal)
      // The simulator takes the fault before it waits for anything, so that no other request can take it.
      for (const fault of faults.map(toSimulatorFault)) if (fault !== null) simulator.inject(fault)
      return simulator.fetch(request)
    },
  }
}

function readHeader(value: string | null): OpenAiFault[] | null {
  if (!value) return []
  const read = value.split(/,\s*(?=[a-z])/).map(text => openAiFaultSchema.safeParse(readFaultText(text)))
  const faults = read.flatMap(({ data }) => data ?? [])
  return faults.length === read.length ? faults : null
}

function refuseHeader(): Response {
  const message = `${faultHeader}: this is not a fault that can be simulated.`
  const { status, body } = errorAnswer(400, message, { type: 'invalid_request_error', code: 'unknown_fault' })
  return new Response(body as string, { status, headers: { 'content-type': 'application/json' } })
}
