import { type Answer, errorAnswer, okAnswer } from './simulator-answer.ts'
import { type NewFile, readUpload } from './simulator-file-upload.ts'
import { fileId } from './simulator-identity.ts'
import { invalidValue } from './simulator-json.ts'
import { answerPage } from './simulator-paging.ts'

export interface StoredFile extends NewFile {
  id: string
  bytes: number
  createdAtSeconds: number
}

export interface FileStore {
  add(file: NewFile, nowMs: number): StoredFile
  /** Null when there is none, or it has expired. */
  find(id: string, nowMs: number): StoredFile | null
  /** POST and GET /v1/files. */
  answerAll(request: Request, nowMs: number): Promise<Answer>
  /** GET and DELETE /v1/files/{id}, and its content. */
  answerOne(request: Request, id: string, wantsContent: boolean, nowMs: number): Answer
}

/** Files as the Batch API takes and gives them, in memory, with the shapes of the official SDK's types. */
export function createFileStore(): FileStore {
  const files = new Map<string, StoredFile>()
  let made = 0
  const isThere = (file: StoredFile, nowMs: number) => nowMs < (expiryOf(file) ?? Number.POSITIVE_INFINITY) * 1000
  const store: FileStore = {
    add(file, nowMs) {
      const bytes = file.pieces.reduce((sum, piece) => sum + piece.length, 0)
      const stored = { ...file, id: fileId(++made), bytes, createdAtSeconds: Math.floor(nowMs / 1000) }
      files.set(stored.id, stored)
      return stored
    },
    find(id, nowMs) {
      const file = files.get(id)
      return file && isThere(file, nowMs) ? file : null
    },
    async answerAll(request, nowMs) {
      if (request.method === 'GET') {
        const there = [...files.values()].filter(file => isThere(file, nowMs))
        return answerList(there, new URL(request.url).searchParams)
      }
      const upload = await readUpload(request)
      return 'status' in upload ? upload : okAnswer(viewFile(store.add(upload, nowMs)))
    },
    answerOne(request, id, wantsContent, nowMs) {
      const file = store.find(id, nowMs)
      if (!file) return noFile(id)
      if (wantsContent) return contentOf(file)
      if (request.method === 'GET') return okAnswer(viewFile(file))
      files.delete(id)
      return okAnswer({ object: 'file', id, deleted: true })
    },
  }
  return store
}

/** The fields of the SDK's type; `status_details` is there and null, as users of the real service report. */
function viewFile(file: StoredFile): object {
  return {
    object: 'file',
    id: file.id,
    purpose: file.purpose,
    filename: file.name,
    bytes: file.bytes,
    created_at: file.createdAtSeconds,
    expires_at: expiryOf(file),
    status: 'processed',
    status_details: null,
  }
}

function expiryOf({ createdAtSeconds, expiresAfterSeconds }: StoredFile): number | null {
  return expiresAfterSeconds === null ? null : createdAtSeconds + expiresAfterSeconds
}

function answerList(files: StoredFile[], params: URLSearchParams): Answer {
  const order = params.get('order') ?? 'desc'
  if (order !== 'asc' && order !== 'desc') return invalidValue('order', order, ['asc', 'desc'])
  const purpose = params.get('purpose')
  const wanted = files.filter(file => purpose === null || file.purpose === purpose)
  if (order === 'desc') wanted.reverse()
  return answerPage(wanted, params, { defaultLimit: 10_000, maxLimit: 10_000 }, viewFile)
}

function contentOf({ name, pieces, bytes }: StoredFile): Answer {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="${name.replaceAll(/[^ !#-~]/g, '_')}"`,
  }
  return { status: 200, headers, body: ReadableStream.from(pieces) }
}

function noFile(id: string): Answer {
  return errorAnswer(404, `No such File object: ${id}`, { type: 'invalid_request_error', param: 'id' })
}
