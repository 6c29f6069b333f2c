import type { AppError } from '../contract/failure.ts'
import type { CallContext, CallShare } from '../contract/metered-service.ts'

/** A text to embed, by its hash; chunks have the text itself. */
export interface WantedText {
  textHash: Buffer
  tokenCount: number
}

/** Whose texts may share a request: one tenant's, in one space, for one purpose, out of the same held money. */
export type Lane = Pick<CallContext, 'tenantId' | 'purpose' | 'quoteId'> & { spaceId: string }

/** One document's texts. Each ends in `stored` or in `failed`, unless the order is aborted before it is sent. */
export interface TextOrder<Text extends WantedText = WantedText> {
  lane: Lane
  share: CallShare
  texts: readonly Text[]
  /** An attempt at it has failed before. */
  isRetry?: boolean
  signal: AbortSignal
  stored(texts: readonly Text[]): void
  failed(texts: readonly Text[], error: AppError): void
}
