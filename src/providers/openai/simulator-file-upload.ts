import { type Answer, errorAnswer } from './simulator-answer.ts'
import { invalidValue, missingParameter, parseObject } from './simulator-json.ts'

/** A file without its id. `pieces` are its bytes, one after the other: one string or array could not hold them all. */
export interface NewFile {
  name: string
  purpose: string
  pieces: readonly Uint8Array<ArrayBuffer>[]
  /** Null for one that is kept until it is deleted. */
  expiresAfterSeconds: number | null
}

/** The purposes that a caller can give (the official SDK's type), and how long files of one are kept if nothing else is asked for. */
const purposes = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']
const batchFileSeconds = 30 * 86_400
const maxBatchFileBytes = 200 * 1024 * 1024
const maxFileBytes = 512 * 1024 * 1024

/**
 * The file of POST /v1/files. One for the Batch API must end in `.jsonl` and begin with a line of JSON (users met both refusals); of
 * the larger limits only the numbers are known, not the words.
 */
export async function readUpload(request: Request): Promise<NewFile | Answer> {
  const form = await readForm(request)
  const file = form?.get('file') ?? null
  const purpose = form?.get('purpose') ?? null
  if (!form || file === null || typeof file === 'string') return missingParameter('file')
  if (typeof purpose !== 'string') return missingParameter('purpose')
  if (!purposes.includes(purpose)) return invalidValue('purpose', purpose, purposes)
  const expiry = readExpiry(form.get('expires_after[anchor]'), form.get('expires_after[seconds]'))
  if (expiry !== null && typeof expiry === 'object') return expiry
  const maxBytes = purpose === 'batch' ? maxBatchFileBytes : maxFileBytes
  if (file.size > maxBytes)
    return refuse(413, `File is too large. Maximum file size is ${maxBytes} bytes, but got ${file.size} bytes.`)
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (purpose === 'batch' && !(file.name.endsWith('.jsonl') && beginsWithJson(bytes)))
    return refuse(400, 'Invalid file format for Batch API. Must be .jsonl')
  const expiresAfterSeconds = expiry ?? (purpose === 'batch' ? batchFileSeconds : null)
  return { name: file.name, purpose, pieces: [bytes], expiresAfterSeconds }
}

/** `expires_after` with the bounds that the SDK documents: from an hour to 30 days after the file's creation. */
export function readExpiry(anchor: unknown, seconds: unknown, param = 'expires_after'): number | null | Answer {
  if ((anchor ?? null) === null && (seconds ?? null) === null) return null
  if (anchor !== 'created_at') return invalidValue(`${param}.anchor`, anchor ?? null, ['created_at'])
  const wait = typeof seconds === 'string' ? Number(seconds || Number.NaN) : seconds
  if (typeof wait === 'number' && Number.isInteger(wait) && wait >= 3600 && wait <= 2_592_000) return wait
  const message = `Invalid '${param}.seconds': must be an integer from 3600 to 2592000.`
  return refuse(400, message, `${param}.seconds`)
}

function beginsWithJson(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(10)
  return parseObject(new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))) !== null
}

function readForm(request: Request): Promise<FormData | null> {
  return request.formData().catch(error => {
    if (request.signal.aborted) throw error
    return null
  })
}

function refuse(status: number, message: string, param: string | null = null): Answer {
  return errorAnswer(status, message, { type: 'invalid_request_error', param })
}
