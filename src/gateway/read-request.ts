import { type OpenAiReply, refusal } from './openai-reply.ts'

/** What POST /v1/embeddings asks for. An input is a text or its tokens. */
export interface EmbeddingsRequest {
  model: string
  inputs: readonly (string | readonly number[])[]
  dimensions: number | undefined
  encoding: 'float' | 'base64'
}

/** What OpenAI takes in one request at the most. */
export interface RequestLimits {
  inputs: number
  tokensPerInput: number
  tokens: number
}

interface Known {
  models: readonly { model: string }[]
  limits: Pick<RequestLimits, 'inputs'>
}

/**
 * Reads the body of POST /v1/embeddings, or gives the reply by which OpenAI would refuse it, in the same words. Whether the model has
 * the dimensions is not looked at.
 */
export function readRequest(body: string, { models, limits }: Known): EmbeddingsRequest | OpenAiReply {
  const fields = parseObject(body)
  if (fields === null)
    return refusal('We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.')
  const { model, input } = fields
  if (typeof model !== 'string') return refusal('you must provide a model parameter')
  if (!models.some(known => known.model === model)) return unknownModel(model)
  const inputs = readInputs(input, limits.inputs)
  if (inputs === null) return invalidInput()
  const dimensions = fields.dimensions ?? undefined
  if (dimensions !== undefined && !isWhole(dimensions)) {
    const message = `Invalid value for 'dimensions' = ${JSON.stringify(dimensions)}. Must be a whole number.`
    return refusal(message, { param: 'dimensions', code: 'invalid_value' })
  }
  const encoding = fields.encoding_format ?? 'float'
  if (encoding !== 'float' && encoding !== 'base64') {
    const message = `Invalid value: '${encoding}'. Supported values are: 'float' and 'base64'.`
    return refusal(message, { param: 'encoding_format', code: 'invalid_value' })
  }
  return { model, inputs, dimensions, encoding }
}

export function unknownModel(model: string): OpenAiReply {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  return refusal(message, { status: 404, code: 'model_not_found' })
}

/** What OpenAI says to an input of a wrong shape, an empty text, or too many of them. */
export function invalidInput(): OpenAiReply {
  return refusal(
    "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
  )
}

/** The refusal of texts that are too long, one of them or all together; null when they are not. */
export function refuseTokens(tokenCounts: readonly number[], limits: RequestLimits): OpenAiReply | null {
  const tooLong = tokenCounts.find(count => count > limits.tokensPerInput)
  if (tooLong !== undefined) {
    return refusal(
      `This model's maximum context length is ${limits.tokensPerInput} tokens, however you requested ${tooLong} tokens (${tooLong} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.`,
    )
  }
  const tokens = tokenCounts.reduce((sum, count) => sum + count, 0)
  if (tokens <= limits.tokens) return null
  const message = `Requested ${tokens} tokens, max ${limits.tokens} tokens per request`
  return refusal(message, { type: 'max_tokens_per_request', code: 'max_tokens_per_request' })
}

/** A text, texts, tokens or lists of tokens, as a list; null when it is none of these, too long, or has an empty one. */
function readInputs(input: unknown, maxInputs: number): EmbeddingsRequest['inputs'] | null {
  const inputs: unknown[] = typeof input === 'string' || isTokens(input) ? [input] : Array.isArray(input) ? input : []
  if (inputs.length === 0 || inputs.length > maxInputs) return null
  if (inputs.every(one => typeof one === 'string' && one !== '')) return inputs as string[]
  return inputs.every(isTokens) ? inputs : null
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isWhole)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
