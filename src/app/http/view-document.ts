import type { CostLine, DocumentDetail, DocumentView } from '../../contract/document-view.ts'
import type { JobView } from '../../contract/job-view.ts'
import { listDocuments, readDocument, readVersions } from '../../documents/read-documents.sql.ts'
import { newestJobs } from '../../jobs/read-jobs.sql.ts'
import { readCosts } from '../../ledger/read-costs.sql.ts'
import type { Api } from './api.ts'

/** A page of a tenant's documents with the newest job of each, newest document first. */
export async function viewDocuments(
  api: Api,
  tenantId: string,
  query: Parameters<typeof listDocuments>[2],
): Promise<{ items: DocumentView[]; nextCursor: string | null }> {
  // One snapshot: a job shown as succeeded must have its version shown as live.
  return await api.database.snapshot(async session => {
    const { items, nextCursor } = await listDocuments(session, tenantId, query)
    const documentIds = items.map(item => item.documentId)
    const jobs = await newestJobs(session, tenantId, documentIds)
    return { items: items.map(item => ({ ...item, job: jobOf(jobs, item.documentId) })), nextCursor }
  })
}

/** Throws `document_not_found`. */
export async function viewDocument(api: Api, tenantId: string, documentId: string): Promise<DocumentView> {
  return await api.database.snapshot(async session => {
    const facts = await readDocument(session, tenantId, documentId)
    const jobs = await newestJobs(session, tenantId, [documentId])
    return { ...facts, job: jobOf(jobs, documentId) }
  })
}

/** A document with its versions and costs. Throws `document_not_found`. */
export async function viewDetail(api: Api, tenantId: string, documentId: string): Promise<DocumentDetail> {
  const document = await viewDocument(api, tenantId, documentId)
  const versions = await readVersions(api.database, tenantId, documentId)
  const costs = await readCosts(api.database, tenantId, [documentId])
  return { ...document, versions, costs: costs.map(toCostLine) }
}

function jobOf(jobs: ReadonlyMap<string, JobView>, documentId: string): JobView {
  const job = jobs.get(documentId)
  if (!job) throw new Error(`document ${documentId} has no job`)
  return job
}

function toCostLine(line: Awaited<ReturnType<typeof readCosts>>[number]): CostLine {
  const { documentId: _, units, costNanoUsd, shadowNanoUsd, service, ...rest } = line
  return {
    ...rest,
    service: service as CostLine['service'],
    units: units.toString(),
    costNanoUsd: costNanoUsd.toString(),
    shadowNanoUsd: shadowNanoUsd.toString(),
  }
}
