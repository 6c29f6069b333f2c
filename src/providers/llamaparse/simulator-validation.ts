import type { z } from 'zod'
import type { FieldFault } from './simulator-answer.ts'

/**
 * What a schema finds wrong, in the words of LlamaCloud's validator (Pydantic 2): the types and messages of its documentation, for those
 * faults that can occur here. `loc` begins with `root`, e.g. `['body']`.
 */
export function toFieldFaults(error: z.ZodError, sent: unknown, root: string[]): FieldFault[] {
  return error.issues.flatMap(issue => {
    const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
    const input = valueAt(sent, path)
    const fault = (type: string, msg: string): FieldFault => ({ type, loc: [...root, ...path], msg, input })
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map(key => ({
          type: 'extra_forbidden',
          loc: [...root, ...path, key],
          msg: 'Extra inputs are not permitted',
          input: valueAt(input, [key]),
        }))
      case 'invalid_type':
        if (input === undefined)
          return { ...fault('missing', 'Field required'), input: valueAt(sent, path.slice(0, -1)) }
        return fault(...wrongType(issue.expected))
      case 'invalid_value':
        if (input === undefined)
          return { ...fault('missing', 'Field required'), input: valueAt(sent, path.slice(0, -1)) }
        return fault('literal_error', `Input should be ${oneOf(issue.values.map(String))}`)
      case 'too_small':
        return issue.origin === 'array'
          ? fault('too_short', `List should have at least ${issue.minimum} item after validation, not 0`)
          : fault('greater_than_equal', `Input should be greater than or equal to ${issue.minimum}`)
      case 'too_big':
        return fault('less_than_equal', `Input should be less than or equal to ${issue.maximum}`)
      case 'invalid_format':
        return fault('url_parsing', 'Input should be a valid URL, relative URL without a base')
      default:
        return fault('value_error', `Value error, ${issue.message}`)
    }
  })
}

/**
 * The same as one text, as LlamaCloud tells faults of an upload's configuration (reported by users, e.g. run-llama/llama_cloud_services #1132):
 * `Invalid configuration: 1 validation error for LlamaParseMultipartConfiguration …`.
 */
export function toConfigurationFault(faults: readonly FieldFault[]): string {
  const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'}`
  const each = faults.map(({ type, loc, msg, input }) => {
    const [value, name] = asPython(input)
    return `${loc.join('.')}\n  ${msg} [type=${type}, input_value=${value}, input_type=${name}]\n    For further information visit https://errors.pydantic.dev/2.11/v/${type}`
  })
  return `Invalid configuration: ${[`${count} for LlamaParseMultipartConfiguration`, ...each].join('\n')}`
}

function wrongType(expected: string): [type: string, msg: string] {
  switch (expected) {
    case 'string':
      return ['string_type', 'Input should be a valid string']
    case 'boolean':
      return ['bool_type', 'Input should be a valid boolean']
    case 'int':
      return ['int_type', 'Input should be a valid integer']
    case 'number':
      return ['float_type', 'Input should be a valid number']
    case 'array':
      return ['list_type', 'Input should be a valid list']
    default:
      return ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from']
  }
}

function oneOf(values: readonly string[]): string {
  const quoted = values.map(value => `'${value}'`)
  const last = quoted.pop()
  return quoted.length === 0 ? String(last) : `${quoted.join(', ')} or ${last}`
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value)
}

function asPython(value: unknown): [value: string, type: string] {
  if (value === null || value === undefined) return ['None', 'NoneType']
  if (typeof value === 'boolean') return [value ? 'True' : 'False', 'bool']
  if (typeof value === 'number') return [String(value), Number.isInteger(value) ? 'int' : 'float']
  if (typeof value === 'string') return [`'${value}'`, 'str']
  const entries = Object.entries(value).map(([key, inner]) => `'${key}': ${asPython(inner)[0]}`)
  return Array.isArray(value)
    ? [`[${value.map(inner => asPython(inner)[0]).join(', ')}]`, 'list']
    : [`{${entries.join(', ')}}`, 'dict']
}
