import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type ChunkSettings, chunkSettingsSchema } from '../contract/chunk.ts'
import type { DocumentView } from '../contract/document-view.ts'
import { AppError } from '../contract/failure.ts'
import type { FileType } from '../contract/file-type.ts'
import type { JobView } from '../contract/job-view.ts'
import type { ParseOptions } from '../contract/parse-options.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import type { BlobStore, ReceivedBlob } from '../platform/blob-folder.fs.ts'
import type { Database, Session } from '../platform/database.ts'
import * as documentSql from './create-document.sql.ts'

export interface IntakeOptions {
  database: Database<Tables>
  blobs: BlobStore
  /** The vector space, which is there, of a tenant's new documents. Throws for a wish that cannot be had. */
  spaceOf(tenantId: string, routing: RouteWish): Promise<string>
  maxFileBytes: number
  newId(): string
  detectFileType(path: string, fileName: string): Promise<FileType>
  /** Queues the job that brings a version to life, in the given transaction. */
  queueJob(session: Session<Tables>, job: QueuedJob): Promise<JobView>
  /** The tenant has these bytes already, so that nothing has to be bought again; in the given transaction. */
  onKnown(
    session: Session<Tables>,
    known: { tenantId: string; documentId: string; apiKeyId: string | null; tags: readonly string[] },
  ): Promise<void>
  /** Called after the commit, to start work at once. */
  nudge(): void
}

/** What an upload asks for besides its bytes. Tags are the document's; the others concern the job alone. */
export interface JobWishes {
  tags: readonly string[]
  /** Higher goes first among jobs that wait for money. */
  priority: number
  dueAt: Date | null
  quoteId: string | null
}

interface QueuedJob extends JobWishes {
  apiKeyId: string | null
  tenantId: string
  documentId: string
  versionId: string
  fileName: string
  correlationId: string
  traceparent: string | null
}

export interface UploadRequest {
  tenantId: string
  apiKeyId: string | null
  correlationId: string
  traceparent: string | null
  fileName: string
  idempotencyKey: string | null
  bytes: Readable
  /** Read after the bytes: form fields may stand behind the file. */
  fields(): Promise<UploadFields>
}

export interface UploadFields extends JobWishes {
  metadata: Record<string, unknown>
  chunkSettings: Partial<ChunkSettings>
  parseOptions: ParseOptions
  routing: RouteWish
}

/**
 * `created` false: the tenant had these bytes already, and nothing was started. `document` is there when this very request
 * created it; otherwise it may have changed since.
 */
export interface UploadAnswer {
  documentId: string
  created: boolean
  document: DocumentView | null
}

/**
 * Takes one uploaded file: streams it to the blob store while hashing, checks type, size and name, and creates document,
 * version and job in one transaction, after the bytes are durable. Throws `file_*` failures and `idempotency_conflict`.
 */
export async function takeDocument(options: IntakeOptions, request: UploadRequest): Promise<UploadAnswer> {
  const fileName = checkFileName(request.fileName)
  const blob = await options.blobs.receive(request.tenantId, request.bytes, options.maxFileBytes)
  try {
    if (blob.byteCount === 0) throw new AppError('file_empty', `The file ${fileName} has no bytes.`)
    const { metadata, chunkSettings, ...wishes } = await request.fields()
    const settings = chunkSettingsSchema.parse(chunkSettings)
    const fileType = await options.detectFileType(blob.path, fileName)
    await blob.keep()
    const document = {
      tenantId: request.tenantId,
      documentId: options.newId(),
      fileName,
      fileType,
      metadata,
      tags: wishes.tags,
      ...hashed(blob),
    }
    const spaceId = await options.spaceOf(request.tenantId, wishes.routing)
    const version = { ...wishes, chunkSettings: settings, spaceId }
    const answer = await options.database.transaction(session => create(options, session, request, document, version))
    if (answer.document) options.nudge()
    return answer
  } finally {
    await blob.discard()
  }
}

async function create(
  options: IntakeOptions,
  session: Session<Tables>,
  request: UploadRequest,
  document: documentSql.NewDocument,
  version: FirstVersion,
): Promise<UploadAnswer> {
  const { tenantId, idempotencyKey } = request
  const requestHash = hash(
    'sha256',
    JSON.stringify([
      document.sha256.toString('hex'),
      document.metadata,
      version.chunkSettings,
      version.parseOptions,
      version.routing,
    ]),
    'buffer',
  )
  const first = idempotencyKey === null ? null : await documentSql.findAnswer(session, tenantId, idempotencyKey)
  if (first) {
    if (first.requestHash.equals(requestHash))
      return { documentId: first.documentId, created: first.status === 201, document: null }
    throw new AppError(
      'idempotency_conflict',
      `Idempotency-Key "${idempotencyKey}" was used before for other bytes or fields.`,
    )
  }
  const created = await createNew(options, session, request, document, version)
  const answer = created ?? (await answerKnown(options, session, request, document))
  if (idempotencyKey !== null) {
    const { documentId } = answer
    const status = answer.created ? 201 : 200
    await documentSql.rememberAnswer(session, tenantId, idempotencyKey, { requestHash, status, documentId })
  }
  return answer
}

type FirstVersion = JobWishes & {
  chunkSettings: ChunkSettings
  parseOptions: ParseOptions
  routing: RouteWish
  spaceId: string
}

async function answerKnown(
  options: IntakeOptions,
  session: Session<Tables>,
  { tenantId, apiKeyId }: UploadRequest,
  document: documentSql.NewDocument,
): Promise<UploadAnswer> {
  const documentId = await documentSql.findByBytes(session, document)
  await options.onKnown(session, { tenantId, documentId, apiKeyId, tags: document.tags })
  return { documentId, created: false, document: null }
}

/** Creates document, version and job; null when the tenant has a document of these bytes. */
async function createNew(
  options: IntakeOptions,
  session: Session<Tables>,
  { tenantId, apiKeyId, correlationId, traceparent }: UploadRequest,
  document: documentSql.NewDocument,
  { chunkSettings, parseOptions, routing, spaceId, ...wishes }: FirstVersion,
): Promise<UploadAnswer | null> {
  const versionId = options.newId()
  const createdAt = await documentSql.insertDocument(session, document, {
    versionId,
    chunkSettings,
    parseOptions,
    routing,
    upgradeOf: null,
    spaceId,
  })
  if (!createdAt) return null
  const { documentId, fileName, fileType, byteCount, metadata } = document
  const job = await options.queueJob(session, {
    ...wishes,
    tenantId,
    apiKeyId,
    documentId,
    versionId,
    fileName,
    correlationId,
    traceparent,
  })
  const sha256 = document.sha256.toString('hex')
  const facts = {
    documentId,
    fileName,
    fileType,
    byteCount,
    sha256,
    tags: [...wishes.tags],
    metadata: metadata as DocumentView['metadata'],
  }
  return { documentId, created: true, document: { ...facts, createdAt: createdAt.toISOString(), live: null, job } }
}

/** Creates a version of an existing document and queues its job. */
export async function startVersion(
  options: Pick<IntakeOptions, 'newId' | 'queueJob'>,
  session: Session<Tables>,
  version: Omit<QueuedJob, 'versionId'> & Omit<documentSql.NewVersion, 'versionId'>,
): Promise<JobView> {
  const { chunkSettings, parseOptions, routing, upgradeOf, spaceId, ...job } = version
  const { tenantId, documentId } = job
  const versionId = options.newId()
  const made = { chunkSettings, parseOptions, routing, upgradeOf, spaceId }
  await documentSql.insertVersion(session, { tenantId, versionId, documentId, ...made })
  return await options.queueJob(session, { ...job, versionId })
}

function hashed({ sha256, byteCount }: ReceivedBlob) {
  return { sha256, byteCount }
}

/** The base name, 1 to 255 bytes of UTF-8 without control characters. */
function checkFileName(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '').normalize('NFC').trim()
  const size = Buffer.byteLength(name)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (size === 0 || size > 255 || /[\u0000-\u001f\u007f]/.test(name) || name === '.' || name === '..') {
    throw new AppError(
      'file_name_invalid',
      `The file name ${JSON.stringify(given.slice(0, 80))} (${size} bytes) cannot be used.`,
    )
  }
  return name
}
