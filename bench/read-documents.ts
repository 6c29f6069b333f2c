import type { DocumentView } from '../src/contract/document-view.ts'

/** All documents of the key's tenant, newest first. */
export async function readDocuments({ url, secret }: { url: string; secret: string }): Promise<DocumentView[]> {
  const all: DocumentView[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? 'limit=200' : `limit=200&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${url}/v1/documents?${query}`, { headers: { authorization: `Bearer ${secret}` } })
    const page = (await response.json()) as { items: DocumentView[]; nextCursor: string | null }
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}
