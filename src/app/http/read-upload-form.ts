import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../contract/failure.ts'

/** The form parser tells by its message alone that the form has no end. */
export function explainBrokenForm(error: unknown): never {
  if (error instanceof Error && !(error instanceof AppError)) {
    if (/unexpected end of|terminated early|closed before the multipart data/i.test(error.message))
      throw new AppError('upload_incomplete', 'The form ended before its last boundary.', { cause: error })
    if ('code' in error && error.code === 'FST_FILES_LIMIT')
      throw new AppError('validation_failed', 'The form has more than one file.', { cause: error })
  }
  throw error
}

export type Fields = ReadonlyMap<string, unknown>

export interface UploadForm {
  file: MultipartFile
  /** Reads the parts behind the file, whose bytes must have been read, and gives all fields. */
  readRest(): Promise<Fields>
}

/** Fields may stand before and behind the one file. */
export async function readUploadForm(request: FastifyRequest): Promise<UploadForm> {
  if (!request.isMultipart()) throw new AppError('validation_failed', 'The request is not multipart/form-data.')
  const parts = request.parts()
  const fields = new Map<string, unknown>()
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    if (next.value.type === 'file') return { file: next.value, readRest: () => readRest(parts, fields) }
    fields.set(next.value.fieldname, next.value.value)
  }
  throw new AppError('validation_failed', 'The form has no part `file`.')
}

async function readRest(parts: AsyncIterableIterator<Multipart>, fields: Map<string, unknown>): Promise<Fields> {
  for await (const part of parts) {
    if (part.type === 'file') throw new AppError('validation_failed', 'The form has more than one file.')
    fields.set(part.fieldname, part.value)
  }
  return fields
}

/** A field that holds JSON; an empty object when it is not there. Throws `validation_failed`. */
export function readJsonField(fields: Fields, name: string): unknown {
  const text = fields.get(name)
  if (text === undefined) return {}
  try {
    return JSON.parse(String(text))
  } catch (error) {
    throw new AppError('validation_failed', `The field ${name} is not JSON.`, { cause: error })
  }
}
