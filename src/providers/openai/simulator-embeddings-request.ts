import { maxDimensionsByModel, maxInputsPerRequest, maxTokensPerInput, maxTokensPerRequest } from './limits.ts'
import { type Answer, errorAnswer, invalidInput } from './simulator-answer.ts'
import { type Fields, invalidType, isWhole, refuseUnknownFields } from './simulator-json.ts'

export interface EmbeddingsRequest {
  model: string
  inputs: (string | number[])[]
  tokens: number
  dimensions: number
  format: 'float' | 'base64'
}

const knownFields = ['model', 'input', 'dimensions', 'encoding_format', 'user']

/** A request's fields, checked as the real service does, or what it says to them. Nothing is embedded yet. */
export function readEmbeddingsRequest(
  fields: Fields,
  countTokens: (text: string) => number,
): EmbeddingsRequest | Answer {
  const type = 'invalid_request_error'
  const { model, input, dimensions, encoding_format: format = 'float', user } = fields
  const unknown = refuseUnknownFields(fields, knownFields)
  if (unknown) return unknown
  if (typeof model !== 'string') return errorAnswer(400, 'you must provide a model parameter', { type })
  const maxDimensions = maxDimensionsByModel.get(model)
  if (maxDimensions === undefined) {
    const message = `The model \`${model}\` does not exist or you do not have access to it.`
    return errorAnswer(404, message, { type, code: 'model_not_found' })
  }
  if (user !== undefined && typeof user !== 'string') return invalidType('user', 'a string', user)
  const inputs = readInputs(input)
  if (inputs === null) return invalidInput()
  if (dimensions !== undefined && !isWhole(dimensions, 1, maxDimensions)) {
    const message = `Invalid value for 'dimensions' = ${JSON.stringify(dimensions)}. Must be a whole number between 1 and ${maxDimensions} for this model.`
    return errorAnswer(400, message, { type, param: 'dimensions' })
  }
  if (format !== 'float' && format !== 'base64') {
    const shown = typeof format === 'string' ? format : JSON.stringify(format)
    const message = `Invalid value: '${shown}'. Supported values are: 'float' and 'base64'.`
    return errorAnswer(400, message, { type, param: 'encoding_format', code: 'invalid_value' })
  }
  const tokenCounts = inputs.map(one => (typeof one === 'string' ? countTokens(one) : one.length))
  const tokens = tokenCounts.reduce((sum, count) => sum + count, 0)
  const refusal = refuseTokens(tokenCounts, tokens)
  return refusal ?? { model, inputs, tokens, dimensions: dimensions ?? maxDimensions, format }
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
