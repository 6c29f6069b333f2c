import type { EmbedInput, EmbedOutput, EmbedService } from '../../contract/embed-service.ts'
import { AppError } from '../../contract/failure.ts'
import type { PriceUnits } from '../../contract/price-list.ts'
import type { RequestLimiter, RequestOutcome } from '../../contract/request-limiter.ts'
import type { ServiceResult, Usage } from '../../contract/service.ts'
import { createRepeatCheck } from './check-repeats.ts'
import { type EmbeddingsReply, readEmbeddingsReply } from './embeddings-reply.ts'
import { createEmbeddingsRequest, type EmbeddingsRequestOptions } from './embeddings-request.http.ts'
import { type EndpointProfile, mostTokens } from './endpoint-profile.ts'
import { openAiProfile } from './endpoint-profiles.ts'
import { planRequests } from './plan-requests.ts'

export interface OpenAiEmbeddingsOptions extends EmbeddingsRequestOptions {
  /** Calls go to a simulator: nothing is spent, and what they would have cost is only shown. */
  simulated: boolean
  /** What tokens cost; a call that it cannot price is refused. */
  price: PriceUnits
  /** Keeps the account's requests, those of other processes counted, within its limits. */
  limiter?: RequestLimiter
  /** Requests of one call that may be under way at once; 1 if not given. */
  concurrency?: number
}

/**
 * Embeddings by OpenAI, by a simulator of it, or by what speaks its protocol (`endpoint`), over the official SDK. A call makes the fewest
 * requests that the endpoint's limits allow; when one fails, no further one is started and the call fails with it. Units are tokens as
 * the endpoint counts them; a quote takes the most that the given ones can be there.
 * Fails with `call_unpriceable`, `provider_refused`, `provider_key_refused`, `provider_out_of_credits`, `provider_rate_limited`, `provider_unavailable`,
 * `call_outcome_unknown`, `provider_reply_malformed` or `vector_invalid`; an aborted call rejects with the signal's reason.
 */
export function createOpenAiEmbeddings(options: OpenAiEmbeddingsOptions): EmbedService {
  const endpoint = options.endpoint ?? openAiProfile
  if (options.apiKey === '' && endpoint.key === 'needed')
    throw new AppError('provider_not_configured', `${endpoint.label} embeddings need an API key, and none is set.`)
  const send = createEmbeddingsRequest(options)
  const checkRepeats = createRepeatCheck()
  return {
    quote: ({ texts }) => priceOf(sum(texts.map(text => mostTokens(text.tokenCount, endpoint))), options),
    price: tokens => priceOf(tokens, options),
    variant: () =>
      `${endpoint.provider}/${options.model}/${options.dimensions}${options.simulated ? ';simulated' : ''}`,
    async call(input, { signal }): Promise<ServiceResult<EmbedOutput>> {
      priceOf(0, options) // an unpriceable call is refused before anything is sent
      const requests = planRequests(
        input.texts.map(text => text.tokenCount),
        withinMinute(endpoint, options.limiter),
      )
      const vectors = new Array<Float32Array>(input.texts.length)
      const tokens: number[] = []
      await inTurn(requests, options.concurrency ?? 1, async positions => {
        const reply = await embedOne(input, positions, options, send, signal)
        const texts = positions.map(position => input.texts[position]?.text ?? '')
        checkRepeats(texts, reply.vectors, `The embeddings request for ${texts.length} texts to ${options.model}`)
        for (const [place, position] of positions.entries()) vectors[position] = reply.vectors[place] as Float32Array
        tokens.push(reply.tokens)
      })
      return { output: { vectors }, usage: priceOf(sum(tokens), options) }
    },
  }
}

/** Requests small enough that a minute's limit can be used well. */
function withinMinute(endpoint: EndpointProfile, limiter: RequestLimiter | undefined): EndpointProfile {
  const { limits } = endpoint
  const maxTokensPerRequest = Math.min(limits.maxTokensPerRequest, limiter?.mostTokens() ?? limits.maxTokensPerRequest)
  return { ...endpoint, limits: { ...limits, maxTokensPerRequest } }
}

async function embedOne(
  input: EmbedInput,
  positions: readonly number[],
  options: OpenAiEmbeddingsOptions,
  send: ReturnType<typeof createEmbeddingsRequest>,
  signal: AbortSignal,
): Promise<EmbeddingsReply> {
  const call = `The embeddings request for ${positions.length} texts to ${options.model}`
  const texts = positions.map(position => input.texts[position]?.text ?? '')
  const names = positions.map(position => `text ${position + 1} of ${input.texts.length}`)
  const { usageMayBeMissing, ...endpoint } = options.endpoint ?? openAiProfile
  const most = sum(positions.map(position => mostTokens(input.texts[position]?.tokenCount ?? 0, endpoint)))
  const turn = await options.limiter?.turn(most, signal)
  let headers: Headers | null = null
  const heard = (of: Headers) => {
    headers = of
  }
  const body = await send(texts, call, signal, heard).catch((error: unknown) => {
    turn?.done(outcomeOf(error), headers)
    throw error
  })
  turn?.done('answered', headers)
  return readEmbeddingsReply(body, names, options.dimensions, call, usageMayBeMissing ? most : null)
}

/** Only what says that the provider has too much to do, or does not get along, makes room. */
function outcomeOf(error: unknown): RequestOutcome {
  if (!(error instanceof AppError)) return 'troubled'
  if (error.code === 'provider_rate_limited') return 'limited'
  return error.code === 'provider_unavailable' || error.code === 'call_outcome_unknown' ? 'troubled' : 'answered'
}

/** Runs `act` on every item, at most `concurrency` at once. After a failure none is started; those under way are awaited. */
async function inTurn<T>(items: readonly T[], concurrency: number, act: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  let failed = false
  const runner = async () => {
    for (const item of queue) {
      try {
        await act(item)
      } catch (error) {
        failed = true
        throw error
      }
      if (failed) return
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: concurrency }, runner))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

function priceOf(tokens: number, options: OpenAiEmbeddingsOptions): Usage {
  const priceNanoUsd = options.price(options.model, tokens)
  return { units: tokens, costNanoUsd: options.simulated ? 0n : priceNanoUsd, shadowNanoUsd: priceNanoUsd }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
