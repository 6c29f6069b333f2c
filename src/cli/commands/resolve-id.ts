import type { DocumentDetail } from '../../contract/document-view.ts'
import { asAppError } from '../../contract/failure.ts'
import type { JobDetail } from '../../contract/job-view.ts'
import { CliFailure, usageFailure } from '../cli-failure.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'

export type Resolved = { kind: 'document'; document: DocumentDetail } | { kind: 'job'; job: JobDetail }

/**
 * The document or job with this id, or with an id that begins or ends so (at least 6 characters, looked for among the newest
 * 600 of each; ids begin with their time, so that only endings tell apart what was made together). Throws
 * `document_not_found`, or a usage failure when it fits several.
 */
export async function resolveId(client: SluiceClient, id: string): Promise<Resolved> {
  if (fullId.test(id)) return (await byId(client, id)) ?? notFound(id)
  if (!/^[0-9a-f][0-9a-f-]{5,35}$/i.test(id)) {
    throw usageFailure(`"${id}" is no id.`, 'Give a document or job id, or its first or last 6 or more characters.')
  }
  const part = id.toLowerCase()
  const [documents, jobs] = await Promise.all([
    newest(client.listDocuments, item => item.documentId),
    newest(client.listJobs, item => item.jobId),
  ])
  const matches = [...documents, ...jobs].filter(known => known.startsWith(part) || known.endsWith(part))
  if (matches.length > 1) {
    const some = matches.slice(0, 5).join(', ')
    throw usageFailure(
      `${matches.length} ids begin or end with "${id}": ${some}${matches.length > 5 ? ', …' : ''}.`,
      'Give more of it.',
    )
  }
  return (matches[0] && (await byId(client, matches[0]))) || notFound(id)
}

/** The job that is meant: the job itself, or the newest one of the document. */
export function jobIdOf(resolved: Resolved): string {
  return resolved.kind === 'job' ? resolved.job.jobId : resolved.document.job.jobId
}

/** The document that is meant: the document itself, or the one that the job works on. */
export function documentIdOf(resolved: Resolved): string {
  return resolved.kind === 'job' ? resolved.job.documentId : resolved.document.documentId
}

async function byId(client: SluiceClient, id: string): Promise<Resolved | null> {
  const document = await orNull(client.document(id))
  if (document) return { kind: 'document', document }
  const job = await orNull(client.job(id))
  return job && { kind: 'job', job }
}

async function orNull<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer
  } catch (error) {
    if (['document_not_found', 'job_not_found', 'not_found'].includes(asAppError(error).code)) return null
    throw error
  }
}

async function newest<Item>(
  list: (query: {
    limit: number
    cursor?: string | undefined
  }) => Promise<{ items: Item[]; nextCursor: string | null }>,
  idOf: (item: Item) => string,
): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null | undefined
  for (let page = 0; page < 3 && cursor !== null; page += 1) {
    const answer = await list({ limit: 200, cursor })
    ids.push(...answer.items.map(idOf))
    cursor = answer.nextCursor
  }
  return ids
}

function notFound(id: string): never {
  throw new CliFailure('document_not_found', `There is no document or job with the id ${id}.`, {
    action: 'List them with `sluice documents` and `sluice jobs`.',
  })
}

const fullId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
