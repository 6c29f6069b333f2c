import type { DocumentView } from '../src/contract/document-view.ts'
import type { JobView } from '../src/contract/job-view.ts'

interface Server {
  url: string
  secret: string
}

/** All documents of the key's tenant, newest first. */
export async function readDocuments(server: Server): Promise<DocumentView[]> {
  return await readAll<DocumentView>(server, '/v1/documents')
}

/** All jobs of the key's tenant. */
export async function readJobs(server: Server): Promise<JobView[]> {
  return await readAll<JobView>(server, '/v1/jobs')
}

async function readAll<Item>({ url, secret }: Server, path: string): Promise<Item[]> {
  const all: Item[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? 'limit=200' : `limit=200&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${url}${path}?${query}`, { headers: { authorization: `Bearer ${secret}` } })
    const page = (await response.json()) as { items: Item[]; nextCursor: string | null }
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}
