import { z } from 'zod'
import { tagSchema } from './budget.ts'
import { chunkSchema } from './chunk.ts'
import { fileTypeNames } from './file-type.ts'
import { jobStateSchema } from './job.ts'
import { jobViewSchema } from './job-view.ts'
import { nanoUsdSchema } from './money.ts'
import { pageQuerySchema } from './paging.ts'
import { provenanceSchema, serviceNames, vectorSpaceSchema } from './provenance.ts'
import { tenantShape } from './tenant.ts'

const fileTypeSchema = z.enum(fileTypeNames)
export const metadataSchema = z.record(z.string().max(200), z.json())

const rolledBackSchema = z.iso
  .datetime()
  .nullable()
  .describe('when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then')

/** Shows what is live: pages, chunks and what made them. Null while no version has been published. */
export const liveVersionSchema = z.object({
  versionId: z.uuid(),
  pageCount: z.int(),
  chunkCount: z.int(),
  publishedAt: z.iso.datetime(),
  rolledBackAt: rolledBackSchema,
  notes: z.array(z.string()),
  provenance: z.object({ parse: provenanceSchema, embed: vectorSpaceSchema }),
})

export const documentViewSchema = z.object({
  documentId: z.uuid(),
  fileName: z.string(),
  fileType: fileTypeSchema,
  byteCount: z.int(),
  sha256: z.string().describe('hex, of the uploaded bytes'),
  tags: z.array(z.string()),
  metadata: metadataSchema,
  createdAt: z.iso.datetime(),
  live: liveVersionSchema.nullable(),
  job: jobViewSchema.describe('the newest job'),
})
export type DocumentView = z.infer<typeof documentViewSchema>

/** Costs of one document at one provider. `shadowNanoUsd` is what the real provider would have charged. */
export const costLineSchema = z.object({
  service: z.enum(serviceNames),
  provider: z.string(),
  model: z.string(),
  simulated: z.boolean(),
  calls: z.int(),
  units: z.string().describe('pages or tokens'),
  costNanoUsd: nanoUsdSchema,
  shadowNanoUsd: nanoUsdSchema,
})
export type CostLine = z.infer<typeof costLineSchema>

export const documentDetailSchema = documentViewSchema.extend({
  versions: z.array(
    z.object({
      versionId: z.uuid(),
      live: z.boolean(),
      rolledBackAt: rolledBackSchema,
      chunkSettings: z.object({ maxTokens: z.int(), overlapTokens: z.int() }),
      pageCount: z.int().nullable().describe('null: not parsed yet'),
      chunkCount: z.int().nullable(),
      createdAt: z.iso.datetime(),
      publishedAt: z.iso.datetime().nullable(),
      jobId: z.uuid(),
    }),
  ),
  costs: z.array(costLineSchema),
})
export type DocumentDetail = z.infer<typeof documentDetailSchema>

/** Which documents are listed: all that is given must fit. */
export const documentListQuerySchema = pageQuerySchema.extend({
  state: jobStateSchema.optional().describe('of the newest job'),
  fileType: fileTypeSchema.optional(),
  name: z.string().trim().max(200).optional().describe('a part of the file name, in whatever case'),
  tag: tagSchema.optional(),
  ...tenantShape,
})
export type DocumentListQuery = z.output<typeof documentListQuerySchema>

/** Which version of a page is meant. */
export const versionQuerySchema = z.object({
  version: z.uuid().optional().describe('the live one if not given'),
  ...tenantShape,
})

export const pageChunksSchema = z.object({ chunks: z.array(chunkSchema) })

export const documentPageSchema = z.object({ documentId: z.uuid(), pageNumber: z.int(), markdown: z.string() })

/** Answer to an upload: 201 and `created` for new bytes, 200 for bytes that the tenant has already. */
export const uploadAnswerSchema = z.object({ created: z.boolean(), document: documentViewSchema })
export type UploadAnswer = z.infer<typeof uploadAnswerSchema>

export const rollbackSchema = z.strictObject({
  reason: z.string().max(500).optional().describe('why; it stays in the audit log'),
})

export const newVersionAnswerSchema = z.object({ versionId: z.uuid(), job: jobViewSchema })
