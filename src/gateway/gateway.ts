import { hash } from 'node:crypto'
import { type AppError, asAppError } from '../contract/failure.ts'
import type { Booking } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { createAvoidedBook } from './book-avoided.ts'
import { createBuyer } from './buy-vectors.ts'
import { countInTurn } from './count-in-turn.ts'
import { encodeVectors } from './encode-vectors.ts'
import { explainFailure, resetOf } from './explain-failure.ts'
import { type BudgetEnd, findReset } from './find-reset.ts'
import { createVectorFinder, type FoundVectors } from './find-vectors.ts'
import { listModels, showModel } from './list-models.ts'
import { type OpenAiReply, refusal } from './openai-reply.ts'
import { type EmbeddingsRequest, type RequestLimits, readRequest, refuseTokens } from './read-request.ts'
import type { GatewayCaller, GatewayTarget } from './target.ts'
import type { WantedText } from './wanted-text.ts'

export interface GatewayOptions {
  database: Database<Tables>
  /** Where a model's vectors of this tenant go; null when there are none of these dimensions. Without dimensions: those that it has here. */
  resolve(tenantId: string, model: string, dimensions: number | undefined): Promise<GatewayTarget | null>
  models(): readonly { model: string; dimensions: number }[]
  limits: RequestLimits
  countTokens(text: string): number
  /** The text that tokens stand for; null when they are not the tokens of a whole text. */
  decodeTokens(tokens: readonly number[]): string | null
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  /** The budgets with the end of their present windows. */
  budgetEnds(): Promise<readonly BudgetEnd[]>
  onError(error: unknown): void
}

/** OpenAI's endpoints over the metered services. */
export interface Gateway {
  /** Answers the body of POST /v1/embeddings. Rejects for what `explain` explains. */
  embed(caller: GatewayCaller, body: string): Promise<OpenAiReply>
  listModels(): OpenAiReply
  showModel(model: string): OpenAiReply
  /** Any failure in OpenAI's form. */
  explain(failure: AppError, tenantId: string | null): Promise<OpenAiReply>
  /** Ends when what was bought is stored, and what was saved is booked. */
  close(): Promise<void>
}

export function createGateway(options: GatewayOptions): Gateway {
  const { countTokens, limits, models } = options
  const underWay = new Set<Promise<unknown>>()
  const buy = createBuyer(options)
  const find = createVectorFinder((...wish) => {
    const obtained = buy(...wish)
    const ended = obtained.then(forget, forget)
    function forget() {
      underWay.delete(ended)
    }
    underWay.add(ended)
    return obtained
  })
  const avoided = createAvoidedBook(options)

  async function embed(caller: GatewayCaller, body: string): Promise<OpenAiReply> {
    const request = readRequest(body, { models: models(), limits })
    if ('status' in request) return request
    const target = await options.resolve(caller.tenantId, request.model, request.dimensions)
    if (!target) return refuseDimensions(request, models())
    const texts = toTexts(request, options.decodeTokens)
    if (!texts) return refuseUndecodable()
    const counts = await countInTurn(texts, countTokens)
    const refused = refuseTokens(counts, limits)
    if (refused) return refused
    const wanted = texts.map((text, i) => ({
      text,
      tokenCount: counts[i] ?? 0,
      textHash: hash('sha256', text, 'buffer'),
    }))
    const byHash = new Map(wanted.map(text => [text.textHash.toString('hex'), text]))
    const found = await find(caller, target, [...byHash.values()])
    const avoidedTokens = sumTokens(wanted) - sumTokens([...found.bought].flatMap(name => byHash.get(name) ?? []))
    if (avoidedTokens > 0) avoided.add(caller, target, avoidedTokens)
    return {
      status: 200,
      headers: headersOf(target, found),
      body: encodeVectors({
        model: target.model,
        vectors: wanted.map(({ textHash }) => found.vectors.get(textHash.toString('hex')) as Float32Array),
        encoding: request.encoding,
        promptTokens: avoidedTokens + found.boughtTokens,
      }),
    }
  }

  return {
    embed,
    listModels: () => listModels(models()),
    showModel: model => showModel(models(), model),
    async explain(error, tenantId) {
      const failure = asAppError(error)
      const resetsAt =
        failure.code === 'budget_exhausted' && tenantId !== null
          ? findReset(failure.message, tenantId, await options.budgetEnds())
          : resetOf(failure)
      return explainFailure(failure, resetsAt, new Date())
    },
    async close() {
      await Promise.allSettled(underWay)
      await avoided.close()
    },
  }
}

function headersOf({ simulated }: GatewayTarget, { vectors, bought }: FoundVectors): Record<string, string> {
  const cache = bought.size === 0 ? 'hit' : bought.size === vectors.size ? 'miss' : 'partial'
  return { 'x-sluice-cache': cache, ...(simulated && { 'x-sluice-simulated': 'true' }) }
}

/** Halves of surrogate pairs cannot be sent: they become U+FFFD, as in tiktoken. Null when tokens cannot be decoded. */
function toTexts({ inputs }: EmbeddingsRequest, decodeTokens: GatewayOptions['decodeTokens']): string[] | null {
  const texts = inputs.map(input => (typeof input === 'string' ? input.toWellFormed() : decodeTokens(input)))
  return texts.every(text => text !== null) ? texts : null
}

function refuseUndecodable(): OpenAiReply {
  const message =
    'The token arrays in `input` are not whole texts of cl100k_base (an unknown or special token, or a character that was cut apart). Send the texts themselves; in LangChain for Python: check_embedding_ctx_length=False.'
  return refusal(message, { param: 'input', code: 'invalid_value' })
}

function refuseDimensions(
  { model, dimensions }: EmbeddingsRequest,
  models: ReturnType<GatewayOptions['models']>,
): OpenAiReply {
  const sizes = models.filter(known => known.model === model).map(known => known.dimensions)
  const message = `Invalid value for 'dimensions' = ${dimensions}. Here \`${model}\` has ${sizes.join(' or ')}; leave 'dimensions' out, or send that.`
  return refusal(message, { param: 'dimensions', code: 'invalid_value' })
}

function sumTokens(texts: readonly WantedText[]): number {
  return texts.reduce((sum, text) => sum + text.tokenCount, 0)
}
