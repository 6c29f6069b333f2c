import { hash } from 'node:crypto'
import { type Answer, answerWith, nothing, refuse, refuseFields } from './simulator-answer.ts'
import type { Call } from './simulator-calls.ts'
import type { SourceFile } from './simulator-job.ts'
import { answerPage, faultOfQuery, valuesOf } from './simulator-paging.ts'

const purposes = ['user_data', 'parse', 'extract', 'split', 'classify', 'sheet', 'agent_app']

interface StoredFile extends SourceFile {
  id: string
  ordinal: number
  purpose: string
  externalFileId: string | null
  createdAt: Date
}

export interface FileDesk {
  projectId: string
  now(): Date
  nextId(): string
  link(path: string, expiresAt: Date): string
}

export interface FileStore {
  find(id: string): SourceFile | null
  answer(call: Call, request: Request, desk: FileDesk): Promise<Answer>
}

/** /api/v1/beta/files: create, list, get, delete and the link to the content, with the fields of the SDK's types. */
export function createFileStore(): FileStore {
  const files = new Map<string, StoredFile>()
  return {
    find: id => files.get(id) ?? null,
    async answer(call, request, desk) {
      if (call.name === 'file_create') return create(request, files, desk)
      const { searchParams } = new URL(request.url)
      if (call.name === 'file_list') return list(searchParams, files, desk)
      const file = files.get(call.id)
      if (!file) return refuse(404, 'File not found')
      if (call.name === 'file_get') return answerWith(viewFile(file, desk))
      if (call.name === 'file_content') {
        const seconds = Number(searchParams.get('expires_at_seconds') ?? 3600)
        const expiresAt = new Date(desk.now().getTime() + seconds * 1000)
        const url = desk.link(`files/${file.id}`, expiresAt)
        return answerWith({ url, expires_at: expiresAt.toISOString(), form_fields: null })
      }
      files.delete(file.id)
      return nothing
    },
  }
}

/** The part `file` of a form; the refusals are the documented ones. */
export async function readSentFile(form: FormData): Promise<SourceFile | Answer> {
  const part = form.get('file')
  if (part === null) return refuse(400, 'file field is required for multipart requests.')
  if (typeof part === 'string' || part.name === '') return refuse(400, 'File must have a filename.')
  const bytes = new Uint8Array(await part.arrayBuffer())
  if (bytes.length === 0) return refuse(400, 'Uploaded file is empty.')
  return { name: part.name, bytes, sha256: hash('sha256', bytes, 'hex') }
}

/** The form of a multipart request; null where it is none. */
export function readForm(request: Request): Promise<FormData | null> {
  return request.formData().catch(error => {
    if (request.signal.aborted) throw error
    return null
  })
}

async function create(request: Request, files: Map<string, StoredFile>, desk: FileDesk): Promise<Answer> {
  const form = await readForm(request)
  const file = form ? await readSentFile(form) : refuse(400, 'file field is required for multipart requests.')
  if ('status' in file) return file
  const purpose = form?.get('purpose') ?? null
  if (typeof purpose !== 'string')
    return refuseFields([{ type: 'missing', loc: ['body', 'purpose'], msg: 'Field required', input: null }])
  if (!purposes.includes(purpose)) {
    const msg = `Input should be ${purposes.map(name => `'${name}'`).join(', ')}`
    return refuseFields([{ type: 'enum', loc: ['body', 'purpose'], msg, input: purpose }])
  }
  const externalFileId = form?.get('external_file_id')
  const stored: StoredFile = {
    ...file,
    id: `dfl-${desk.nextId()}`,
    ordinal: files.size === 0 ? 1 : Math.max(...[...files.values()].map(({ ordinal }) => ordinal)) + 1,
    purpose,
    externalFileId: typeof externalFileId === 'string' ? externalFileId : null,
    createdAt: desk.now(),
  }
  files.set(stored.id, stored)
  return answerWith(viewFile(stored, desk), 201)
}

/** Newest first, unless `order_by` says otherwise (the default is a guess). */
function list(params: URLSearchParams, files: ReadonlyMap<string, StoredFile>, desk: FileDesk): Answer {
  const order = params.get('order_by') ?? 'created_at'
  if (!['name', 'id', 'created_at'].includes(order))
    return refuseFields([
      faultOfQuery('order_by', order, 'literal_error', "Input should be 'name', 'id' or 'created_at'"),
    ])
  const ids = valuesOf(params, 'file_ids')
  const passes = (name: string, value: string | null) => !params.has(name) || params.get(name) === value
  const passed = [...files.values()].filter(
    file =>
      (ids?.has(file.id) ?? true) && passes('file_name', file.name) && passes('external_file_id', file.externalFileId),
  )
  const keyOf = (file: StoredFile) => {
    if (order === 'created_at') return String(1e9 - file.ordinal)
    return order === 'name' ? `${file.name} ${file.id}` : file.id
  }
  const ordered = passed.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return answerPage(ordered, params, keyOf, file => viewFile(file, desk))
}

function viewFile(file: StoredFile, { projectId }: FileDesk) {
  return {
    id: file.id,
    name: file.name,
    project_id: projectId,
    download_url: null,
    expires_at: null,
    external_file_id: file.externalFileId,
    file_type: /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? null,
    last_modified_at: file.createdAt.toISOString(),
    purpose: file.purpose,
  }
}
