import { type Answer, refuse } from './simulator-answer.ts'
import { applyFault } from './simulator-apply-fault.ts'
import { type Call, recognizeCall } from './simulator-calls.ts'
import { type LlamaCloudCounters, startCounters } from './simulator-counters.ts'
import { faultHeader, readFaultHeader } from './simulator-fault-header.ts'
import { answerFaultOf, createFaultSource, type Fault, faultOf, latencyOf } from './simulator-faults.ts'
import { createSeededChance } from './simulator-identity.ts'
import { defaultOptions, type LlamaCloudSimulatorOptions } from './simulator-options.ts'
import { createService } from './simulator-service.ts'

export interface LlamaCloudSimulator {
  /** Answers a request as api.cloud.llamaindex.ai would. Rejects as `fetch` does when the request is aborted or the connection breaks. */
  fetch(request: Request): Promise<Response>
  /** Each of these hits the next request that it can hit, in this order, before any that come by the rates. */
  inject(...faults: Fault[]): void
  counters(): LlamaCloudCounters
  /** Settles when no job is worked on and no webhook is under way. Waits for jobs that hang. */
  idle(): Promise<void>
  /** Ends all jobs where they are, and all webhooks. */
  close(): Promise<void>
}

/**
 * LlamaParse v2 with files, webhooks and usage metrics as a web-standard handler, for tests and for work without a network. Files are really
 * parsed, by the parser that is given. The same requests get the same ids, answers and faults under the same seed, however the polls between them fall.
 *
 * Where it is from: calls, fields and shapes are those of the official SDK 2.16.0 and of requests captured from it; errors, prices, limits, the
 * cache and webhooks those of LlamaCloud's documentation and of what users report. What neither tells is guessed, and is called a guess
 * where it stands. Nothing of it was compared with the real service.
 */
export function createLlamaCloudSimulator(options: LlamaCloudSimulatorOptions): LlamaCloudSimulator {
  const settings = { ...defaultOptions, ...options }
  const chance = createSeededChance(settings.seed)
  const counters = startCounters()
  const source = createFaultSource(settings.faultRates, chance)
  const service = createService(settings, counters, chance)

  async function respond(call: Call, request: Request): Promise<Answer> {
    const ordinal = (counters.requests[call.name] ?? 0) + 1
    counters.requests[call.name] = ordinal
    const asked = readFaultHeader(request.headers.get(faultHeader))
    if ('fault' in asked) return refuse(400, asked.fault)
    const faults = source.next(call.name, ordinal, asked)
    const latency = faultOf(faults, 'latency') ?? settings.latency
    const latencyMs = latencyOf(latency, chance.fraction('latency', call.name, ordinal))
    if (latencyMs > 0) await settings.sleep(latencyMs, request.signal)
    const correlationId = chance.uuid('correlation', call.name, ordinal)
    return applyFault(answerFaultOf(faults), { signal: request.signal, correlationId }, () =>
      service.answer({ call, ordinal, request, faults }),
    )
  }

  return {
    async fetch(request) {
      request.signal.throwIfAborted()
      // Before its first upload the SDK asks its `fetch` for an empty data URL, to find out what it can do.
      if (request.url.startsWith('data:')) return new Response('')
      const call = recognizeCall(request)
      const { status, body, contentType } = 'status' in call ? call : await respond(call, request)
      request.signal.throwIfAborted()
      return new Response(body, { status, headers: body === null ? {} : { 'content-type': contentType } })
    },
    inject: (...injected) => source.push(injected),
    counters: () => structuredClone(counters),
    idle: service.idle,
    close: service.close,
  }
}
