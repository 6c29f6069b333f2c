import { type Answer, errorAnswer } from './simulator-answer.ts'

export type Fields = Record<string, unknown>

/** The object that a JSON text holds; null for any other text. */
export function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { ...value } : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

export function unparseableBody(): Answer {
  const message = 'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.'
  return errorAnswer(400, message, { type: 'invalid_request_error' })
}

/** The refusal of a field that the endpoint does not have, or null; users met it word for word. */
export function refuseUnknownFields(fields: Fields, known: readonly string[]): Answer | null {
  const unknown = Object.keys(fields).filter(name => !known.includes(name))
  if (unknown.length === 0) return null
  const message = `Unrecognized request argument${unknown.length > 1 ? 's' : ''} supplied: ${unknown.join(', ')}`
  return errorAnswer(400, message, { type: 'invalid_request_error' })
}

export function invalidType(param: string, expected: string, value: unknown): Answer {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${nameOf(value)} instead.`
  return errorAnswer(400, message, { type: 'invalid_request_error', param, code: 'invalid_type' })
}

export function invalidValue(param: string, value: unknown, supported: readonly string[]): Answer {
  const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  const listed = supported.map(name => `'${name}'`)
  const values = listed.length === 1 ? `value is: ${listed}` : `values are: ${listed.join(', ')}`
  const message = `Invalid value: ${shown}. Supported ${values}.`
  return errorAnswer(400, message, { type: 'invalid_request_error', param, code: 'invalid_value' })
}

export function missingParameter(param: string): Answer {
  const message = `Missing required parameter: '${param}'.`
  return errorAnswer(400, message, { type: 'invalid_request_error', param, code: 'missing_required_parameter' })
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return `a ${typeof value}`
}
