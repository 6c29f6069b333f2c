import type { Tables } from '../contract/tables.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { readLiveUnits } from '../pipeline/known-work.sql.ts'
import type { Session } from '../platform/database.ts'
import type { Services } from './create-services.ts'

/** The document that was sent again, and by whom. */
export interface KnownDocument {
  tenantId: string
  documentId: string
  apiKeyId: string | null
  tags: readonly string[]
}

/** Books as avoided what it would have cost to bring a document in that the tenant has already. */
export async function bookAvoidedDocument(
  session: Session<Tables>,
  { parse, embed }: Pick<Services, 'parse' | 'embed'>,
  { tenantId, documentId, apiKeyId, tags }: KnownDocument,
): Promise<void> {
  const units = await readLiveUnits(session, tenantId, documentId)
  if (!units) return
  const shares = [{ documentId, jobId: null, apiKeyId, tags, weight: 1 }]
  const context = { tenantId, purpose: 'ingest', quoteId: null, shares } as const
  await bookCalls(session, [parse.avoided(units.pages, context), embed.avoided(units.tokens, context)])
}
