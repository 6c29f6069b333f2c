import type { DocumentView } from '../../contract/document-view.ts'
import type { JobView } from '../../contract/job-view.ts'
import { type DocumentFacts, readDocument } from '../../documents/read-documents.sql.ts'
import { newestJobs } from '../../jobs/read-jobs.sql.ts'
import type { Api } from './api.ts'

/** Adds to each document its newest job. */
export async function viewDocuments(
  api: Api,
  tenantId: string,
  facts: readonly DocumentFacts[],
): Promise<DocumentView[]> {
  const jobs = await newestJobs(
    api.database,
    tenantId,
    facts.map(f => f.documentId),
  )
  return facts.map(fact => ({ ...fact, job: jobOf(jobs, fact.documentId) }))
}

/** Throws `document_not_found`. */
export async function viewDocument(api: Api, tenantId: string, documentId: string): Promise<DocumentView> {
  const facts = await readDocument(api.database, tenantId, documentId)
  const jobs = await newestJobs(api.database, tenantId, [documentId])
  return { ...facts, job: jobOf(jobs, documentId) }
}

function jobOf(jobs: ReadonlyMap<string, JobView>, documentId: string): JobView {
  const job = jobs.get(documentId)
  if (!job) throw new Error(`document ${documentId} has no job`)
  return job
}
