import type { NanoUsd } from '../../contract/money.ts'
import type { Answer } from './simulator-answer.ts'
import { createBatches } from './simulator-batches.ts'
import type { Call } from './simulator-calls.ts'
import { answerEmbeddings } from './simulator-embeddings.ts'
import { type Fault, isBatchFault } from './simulator-faults.ts'
import { createFileStore } from './simulator-files.ts'
import { refuseKey } from './simulator-key.ts'
import type { OpenAiSimulatorCounters, OpenAiSimulatorOptions } from './simulator-options.ts'
import { createRateLimit } from './simulator-rate-limit.ts'
import { answerUsage, refuseOrdinaryKey } from './simulator-usage.ts'
import { type Charge, createChargeBook } from './usage-simulated-charges.ts'

type Service = (request: Request, call: Call | Answer, fault: Fault | undefined) => Promise<Answer>

/** What the simulator keeps, and its answers to calls as long as no fault changes them; `counters` are counted up. */
export function createService(options: OpenAiSimulatorOptions, counters: OpenAiSimulatorCounters): Service {
  const { countTokens, price, apiKey, adminKey } = options
  const { now = () => new Date(), decodeTokens = () => null } = options
  const rateLimit = createRateLimit(options.limits ?? { requestsPerMinute: 1_000_000, tokensPerMinute: 1_000_000_000 })
  const charges = createChargeBook(options.usageDelayMs ?? 0)
  const bill = (inputs: number, charge: Charge) => {
    counters.inputs += inputs
    counters.tokens += charge.tokens
    counters.chargedNanoUsd += charge.costNanoUsd
    charges.record(charge)
  }
  const stored = createStored(options, bill)

  async function report(request: Request): Promise<Answer> {
    const refusal = refuseOrdinaryKey(request, adminKey) ?? refuseKey(request, adminKey)
    if (refusal) return refusal
    await stored.catchUp(now().getTime())
    return answerUsage(request, charges, now())
  }

  return async (request, call, fault) => {
    if ('status' in call) return call
    if (call.name === 'report') return report(request)
    const refusal = refuseKey(request, apiKey)
    if (refusal) return refusal
    if (call.name !== 'embeddings') return stored.answer(request, call, fault, now().getTime())
    return answerEmbeddings(await request.text(), {
      countTokens,
      decodeTokens,
      wrongVectors: fault?.kind === 'vectors' ? fault.wrong : undefined,
      admit: (model, tokens) => rateLimit.admit(model, tokens, options.nowMs()),
      charge: (model, inputs, tokens) => bill(inputs, { at: now(), model, tokens, costNanoUsd: price(model, tokens) }),
    })
  }
}

const defaultTiming = { validatingMs: 200, startMs: 300, msPerRequest: 2, finalizingMs: 200, cancellingMs: 200 }

/** Files and batches; what batches embed costs half. */
function createStored(options: OpenAiSimulatorOptions, bill: (inputs: number, charge: Charge) => void) {
  const { countTokens, price, decodeTokens = () => null } = options
  const files = createFileStore()
  const batches = createBatches({
    files,
    timing: options.batchTiming ?? defaultTiming,
    countTokens,
    decodeTokens,
    maxEnqueuedTokens: options.maxEnqueuedTokens ?? Number.POSITIVE_INFINITY,
    charge(model, { requests, inputs, tokens }, atMs) {
      const costNanoUsd = halfOf(price(model, tokens))
      bill(inputs, { at: new Date(atMs), model, tokens, costNanoUsd, requests, isBatch: true })
    },
  })
  return {
    catchUp: batches.catchUp,
    async answer(request: Request, { name, id }: Call, fault: Fault | undefined, nowMs: number): Promise<Answer> {
      await batches.catchUp(nowMs)
      if (name === 'files') return files.answerAll(request, nowMs)
      if (name === 'file' || name === 'file_content')
        return files.answerOne(request, id, name === 'file_content', nowMs)
      if (name === 'batch_create') return batches.create(request, isBatchFault(fault) ? fault : undefined, nowMs)
      if (name === 'batch_list') return batches.list(request, nowMs)
      return name === 'batch' ? batches.retrieve(id, nowMs) : batches.cancel(id, nowMs)
    },
  }
}

function halfOf(amount: NanoUsd): NanoUsd {
  return (amount + 1n) / 2n
}
