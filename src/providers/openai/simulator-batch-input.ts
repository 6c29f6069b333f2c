import { maxDimensionsByModel, maxInputsPerBatch, maxRequestsPerBatch } from './limits.ts'
import type { Answer } from './simulator-answer.ts'
import { type EmbeddingsRequest, readEmbeddingsRequest } from './simulator-embeddings-request.ts'
import type { StoredFile } from './simulator-files.ts'
import { type Fields, isObject, parseObject } from './simulator-json.ts'

/** Why a batch fails, or one of its lines makes it fail; the fields of the SDK's `BatchError`. */
export interface BatchError {
  code: string
  line: number | null
  message: string
  param: string | null
}

export interface BatchLine {
  customId: string
  /** What is to be embedded, or what the endpoint would say to the request. */
  request: EmbeddingsRequest | Answer
}

export interface BatchInput {
  model: string
  lines: BatchLine[]
  /** Of all requests that can be answered. */
  tokens: number
}

export const batchEndpoint = '/v1/embeddings'

/**
 * Reads a batch's file line by line. Bad lines fail the batch as a whole, each with an error of its own; a well-formed line whose request the
 * endpoint would refuse does not. Codes and words are those that the real service answered to its users, but for `duplicate_custom_id`,
 * `model_mismatch` and `too_many_tasks`, of which only the codes are documented.
 */
export async function readBatchInput(
  file: StoredFile,
  countTokens: (text: string) => number,
): Promise<BatchInput | { errors: BatchError[] }> {
  const texts = new TextDecoder().decode(file.pieces[0]).split('\n')
  if (texts.at(-1) === '') texts.pop()
  if (texts.length > maxRequestsPerBatch)
    return { errors: [fault('too_many_tasks', null, `The batch has more than ${maxRequestsPerBatch} requests.`)] }
  const errors: BatchError[] = []
  const seen = new Set<string>()
  const lines: { customId: string; body: Fields }[] = []
  let model: string | undefined
  for (const [i, text] of texts.entries()) {
    if (i % 1024 === 1023) await new Promise(resolve => setImmediate(resolve))
    const line = readLine(parseObject(text), i + 1, seen, model)
    if ('code' in line) errors.push(line)
    else lines.push(line)
    if ('body' in line) model ??= String(line.body.model)
  }
  if (errors.length > 0) return { errors }
  if (model === undefined) return { errors: [fault('empty_file', null, 'The input file has no requests.')] }
  return await readRequests(model, lines, countTokens)
}

async function readRequests(
  model: string,
  lines: readonly { customId: string; body: Fields }[],
  countTokens: (text: string) => number,
): Promise<BatchInput | { errors: BatchError[] }> {
  const read: BatchLine[] = []
  let inputs = 0
  let tokens = 0
  for (const { customId, body } of lines) {
    // Counting the tokens of a full file takes seconds.
    if (read.length % 128 === 127) await new Promise(resolve => setImmediate(resolve))
    const request = readEmbeddingsRequest(body, countTokens)
    if (!('status' in request)) {
      inputs += request.inputs.length
      tokens += request.tokens
    }
    read.push({ customId, request })
  }
  if (inputs <= maxInputsPerBatch) return { model, lines: read, tokens }
  const message = `The batch has ${inputs} embedding inputs, more than ${maxInputsPerBatch}.`
  return { errors: [fault('too_many_tasks', null, message)] }
}

function readLine(
  fields: Fields | null,
  line: number,
  seen: Set<string>,
  model: string | undefined,
): { customId: string; body: Fields } | BatchError {
  if (fields === null) return fault('invalid_json_line', line, 'This line is not parseable as valid JSON.')
  const { custom_id: customId, method, url, body } = fields
  for (const name of ['custom_id', 'method', 'url', 'body'])
    if ((fields[name] ?? null) === null)
      return fault('missing_required_parameter', line, `Missing required parameter: '${name}'.`, name)
  if (typeof customId !== 'string')
    return fault('invalid_request', line, "Invalid type for 'custom_id': expected a string.", 'custom_id')
  if (seen.has(customId))
    return fault('duplicate_custom_id', line, `The custom_id '${customId}' is used by an earlier line.`, 'custom_id')
  seen.add(customId)
  if (method !== 'POST')
    return fault('invalid_method', line, `Invalid method '${method}'. The only supported method is 'POST'.`, 'method')
  if (url !== batchEndpoint)
    return fault('invalid_url', line, 'The URL provided for this request does not match the batch endpoint.', 'url')
  if (!isObject(body)) return fault('invalid_request', line, "Invalid type for 'body': expected an object.", 'body')
  if (typeof body.model !== 'string')
    return fault('invalid_request', line, 'Model parameter is required.', 'body.model')
  if (model !== undefined && body.model !== model)
    return fault('model_mismatch', line, `All requests of a batch must use one model, '${model}' here.`, 'body.model')
  if (!maxDimensionsByModel.has(body.model)) {
    const message = `The provided model '${body.model}' is not supported by the Batch API.`
    return fault('model_not_found', line, message, 'body.model')
  }
  return { customId, body }
}

function fault(code: string, line: number | null, message: string, param: string | null = null): BatchError {
  return { code, line, message, param }
}
