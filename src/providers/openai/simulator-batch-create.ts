import { type Answer, errorAnswer } from './simulator-answer.ts'
import { batchEndpoint } from './simulator-batch-input.ts'
import { readExpiry } from './simulator-file-upload.ts'
import {
  invalidType,
  invalidValue,
  isObject,
  missingParameter,
  parseObject,
  refuseUnknownFields,
  unparseableBody,
} from './simulator-json.ts'

export interface BatchWish {
  inputFileId: string
  metadata: Record<string, string> | null
  outputExpiresAfterSeconds: number | null
}

const known = ['input_file_id', 'endpoint', 'completion_window', 'metadata', 'output_expires_after']

/** The body of POST /v1/batches, with the bounds that the SDK documents. The only endpoint here is that of embeddings. */
export function readBatchWish(body: string): BatchWish | Answer {
  const fields = parseObject(body)
  if (fields === null) return unparseableBody()
  const { input_file_id: inputFileId, endpoint, completion_window: window } = fields
  const unknown = refuseUnknownFields(fields, known)
  if (unknown) return unknown
  const missing = known.slice(0, 3).find(name => (fields[name] ?? null) === null)
  if (missing !== undefined) return missingParameter(missing)
  if (typeof inputFileId !== 'string') return invalidType('input_file_id', 'a string', inputFileId)
  if (endpoint !== batchEndpoint) return invalidValue('endpoint', endpoint, [batchEndpoint])
  if (window !== '24h') return invalidValue('completion_window', window, ['24h'])
  const metadata = readMetadata(fields.metadata ?? null)
  if ('refusal' in metadata) return metadata.refusal
  const expiry = isObject(fields.output_expires_after) ? fields.output_expires_after : {}
  const outputExpiresAfterSeconds = readExpiry(expiry.anchor, expiry.seconds, 'output_expires_after')
  if (outputExpiresAfterSeconds !== null && typeof outputExpiresAfterSeconds === 'object')
    return outputExpiresAfterSeconds
  return { inputFileId, metadata: metadata.pairs, outputExpiresAfterSeconds }
}

/** At most 16 pairs of a key of 64 and a value of 512 characters. */
function readMetadata(value: unknown): { pairs: Record<string, string> | null } | { refusal: Answer } {
  if (value === null) return { pairs: null }
  if (!isObject(value)) return { refusal: invalidType('metadata', 'an object', value) }
  const pairs = Object.entries(value)
  const odd = pairs.find(([, text]) => typeof text !== 'string')
  if (odd) return { refusal: invalidType(`metadata.${odd[0]}`, 'a string', odd[1]) }
  if (pairs.length > 16) return { refusal: tooLarge('metadata', 'properties', 16, pairs.length) }
  for (const [key, text] of pairs) {
    if (key.length > 64) return { refusal: tooLarge('metadata', 'characters in a key', 64, key.length) }
    const { length } = text as string
    if (length > 512) return { refusal: tooLarge(`metadata.${key}`, 'characters', 512, length) }
  }
  return { pairs: value as Record<string, string> }
}

function tooLarge(param: string, what: string, most: number, given: number): Answer {
  const message = `Invalid '${param}': too many ${what}. Expected at most ${most}, but got ${given} instead.`
  return errorAnswer(400, message, { type: 'invalid_request_error', param })
}
