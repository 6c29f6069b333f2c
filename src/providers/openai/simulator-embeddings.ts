import { maxDimensionsByModel, maxInputsPerRequest, maxTokensPerInput, maxTokensPerRequest } from './limits.ts'
import { simulatedVector } from './simulated-vector.ts'
import { type Answer, errorAnswer, invalidInput } from './simulator-answer.ts'
import { spoilVectors, type WrongVectors } from './simulator-faults.ts'

export interface EmbeddingsDesk {
  countTokens(text: string): number
  /** The rate limit's headers, or its refusal. */
  admit(model: string, tokens: number): { headers: Record<string, string>; refusal?: Answer }
  charge(model: string, inputs: number, tokens: number): void
  wrongVectors: WrongVectors | undefined
}

interface EmbeddingsRequest {
  model: string
  inputs: (string | number[])[]
  dimensions: number
  encode: (vector: Float32Array) => string | number[]
}

/** Checks the body of POST /v1/embeddings as the real service does and answers it. */
export async function answerEmbeddings(body: string, desk: EmbeddingsDesk): Promise<Answer> {
  const request = readRequest(body)
  if ('status' in request) return request
  const tokenCounts = request.inputs.map(input => (typeof input === 'string' ? desk.countTokens(input) : input.length))
  const tokens = tokenCounts.reduce((sum, count) => sum + count, 0)
  const refusal = refuseTokens(tokenCounts, tokens)
  if (refusal) return refusal
  const admission = desk.admit(request.model, tokens)
  if (admission.refusal) return admission.refusal
  desk.charge(request.model, request.inputs.length, tokens)
  const vectors = await embed(request)
  const items = vectors.map((vector, index) => ({ object: 'embedding', index, vector }))
  const data = (desk.wrongVectors ? spoilVectors(items, desk.wrongVectors) : items).map(({ vector, ...item }) => ({
    ...item,
    embedding: request.encode(vector),
  }))
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  return {
    status: 200,
    headers: admission.headers,
    body: JSON.stringify({ object: 'list', data, model: request.model, usage }),
  }
}

/** Token arrays stand for texts that cannot be told from here; the vector is that of the numbers. */
async function embed({ model, inputs, dimensions }: EmbeddingsRequest): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const input of inputs) {
    // In-process, 2,048 texts in one go would keep everyone else waiting for a third of a second.
    if (vectors.length % 128 === 127) await new Promise(resolve => setImmediate(resolve))
    vectors.push(simulatedVector(typeof input === 'string' ? input : input.join(' '), dimensions, model))
  }
  return vectors
}

function readRequest(body: string): EmbeddingsRequest | Answer {
  const type = 'invalid_request_error'
  const fields = parseObject(body)
  if (fields === null) {
    return errorAnswer(
      400,
      'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.',
      { type },
    )
  }
  const { model, input, dimensions, encoding_format: format = 'float' } = fields
  if (typeof model !== 'string') return errorAnswer(400, 'you must provide a model parameter', { type })
  const maxDimensions = maxDimensionsByModel.get(model)
  if (maxDimensions === undefined) {
    const message = `The model \`${model}\` does not exist or you do not have access to it.`
    return errorAnswer(404, message, { type, code: 'model_not_found' })
  }
  const inputs = readInputs(input)
  if (inputs === null) return invalidInput()
  if (dimensions !== undefined && !isWhole(dimensions, 1, maxDimensions)) {
    const message = `Invalid value for 'dimensions' = ${JSON.stringify(dimensions)}. Must be a whole number between 1 and ${maxDimensions} for this model.`
    return errorAnswer(400, message, { type, param: 'dimensions' })
  }
  if (format !== 'float' && format !== 'base64') {
    const message = `Invalid value: '${format}'. Supported values are: 'float' and 'base64'.`
    return errorAnswer(400, message, { type, param: 'encoding_format', code: 'invalid_value' })
  }
  return { model, inputs, dimensions: dimensions ?? maxDimensions, encode: format === 'base64' ? toBase64 : toNumbers }
}

/** A text, texts, tokens or lists of tokens, as a list; null when it is none of these, too long, or has an empty one. */
function readInputs(input: unknown): (string | number[])[] | null {
  const inputs: unknown[] = typeof input === 'string' || isTokens(input) ? [input] : Array.isArray(input) ? input : []
  const isRightLength = inputs.length >= 1 && inputs.length <= maxInputsPerRequest
  if (!isRightLength) return null
  if (inputs.every(one => typeof one === 'string' && one !== '')) return inputs as string[]
  return inputs.every(isTokens) ? inputs : null
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(token => isWhole(token, 0, 100_276))
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

function refuseTokens(tokenCounts: readonly number[], tokens: number): Answer | null {
  const tooLong = tokenCounts.find(count => count > maxTokensPerInput)
  if (tooLong !== undefined) {
    const message = `This model's maximum context length is ${maxTokensPerInput} tokens, however you requested ${tooLong} tokens (${tooLong} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.`
    return errorAnswer(400, message, { type: 'invalid_request_error' })
  }
  if (tokens <= maxTokensPerRequest) return null
  const message = `Requested ${tokens} tokens, max ${maxTokensPerRequest} tokens per request`
  return errorAnswer(400, message, { type: 'max_tokens_per_request', code: 'max_tokens_per_request' })
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function toBase64(vector: Float32Array): string {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).toBase64()
}

/** Nine digits name a float32 exactly. */
function toNumbers(vector: Float32Array): number[] {
  return Array.from(vector, value => Number(value.toPrecision(9)))
}
