import type { Tables } from '../contract/tables.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { readLiveUnits } from '../pipeline/known-work.sql.ts'
import type { Session } from '../platform/database.ts'
import { readLiveSpace } from '../spaces/spaces.sql.ts'
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
  { parse, spaces }: Pick<Services, 'parse' | 'spaces'>,
  { tenantId, documentId, apiKeyId, tags }: KnownDocument,
): Promise<void> {
  const embed = spaces.serviceOf(spaces.forNew(await readLiveSpace(session, tenantId), tenantId), tenantId)
  const units = await readLiveUnits(session, tenantId, documentId)
  if (!units || !embed) return
  const shares = [{ documentId, jobId: null, apiKeyId, tags, weight: 1 }]
  const context = { tenantId, purpose: 'ingest', quoteId: null, shares } as const
  await bookCalls(session, [parse.avoided(units.pages, context), embed.avoided(units.tokens, context)])
}
