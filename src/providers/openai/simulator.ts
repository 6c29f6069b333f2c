import { recognizeCall } from './simulator-calls.ts'
import { applyFault, createFaultSource, type Fault } from './simulator-faults.ts'
import type { OpenAiSimulatorCounters, OpenAiSimulatorOptions } from './simulator-options.ts'
import { createService } from './simulator-service.ts'
import { sleep } from './simulator-sleep.ts'

export interface OpenAiSimulator {
  /** Answers a request as api.openai.com would. Rejects as `fetch` does when the request is aborted or the connection breaks. */
  fetch(request: Request): Promise<Response>
  /** Each of these hits one of the next requests, in this order, before any random fault. */
  inject(...faults: Fault[]): void
  counters(): OpenAiSimulatorCounters
}

/**
 * OpenAI's embeddings endpoint as a web-standard handler, strict as the real one (limits, error bodies, headers), with
 * deterministic vectors under which similar texts are near; files and the Batch API for embeddings; and the two reports that show what
 * it charged. The same requests in the same order get the same answers. Sources: the official SDK's types and documentation, and
 * replies that users of the real service reported (__fixtures__).
 */
export function createOpenAiSimulator(options: OpenAiSimulatorOptions): OpenAiSimulator {
  const counters: OpenAiSimulatorCounters = { requests: 0, inputs: 0, tokens: 0, chargedNanoUsd: 0n }
  const faults = createFaultSource(options.randomFaults)
  const latencyMs = options.latencyMs ?? 0
  const answer = createService(options, counters)
  let answered = 0

  return {
    async fetch(request) {
      request.signal.throwIfAborted()
      // Before its first upload the SDK asks its `fetch` for an empty data URL, to find out what it can do.
      if (request.url.startsWith('data:')) return new Response('')
      const call = recognizeCall(request)
      const name = 'status' in call ? 'none' : call.name
      if (name === 'embeddings' || name === 'none') counters.requests++
      const requestId = `req_${(++answered).toString(16).padStart(32, '0')}`
      const fault = faults.next(name)
      if (latencyMs > 0) await sleep(latencyMs, request.signal)
      const { status, body, headers } = await applyFault(fault, request.signal, () => answer(request, call, fault))
      request.signal.throwIfAborted()
      const standard = {
        'content-type': 'application/json',
        'openai-version': '2020-10-01',
        'openai-processing-ms': String(Math.round(latencyMs)),
        'x-request-id': requestId,
      }
      return new Response(body, { status, headers: { ...standard, ...headers } })
    },
    inject: (...injected) => faults.push(injected),
    counters: () => ({ ...counters }),
  }
}
