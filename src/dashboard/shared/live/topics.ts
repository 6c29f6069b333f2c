import type { StreamedEvent } from '../../../contract/event.ts'

/**
 * What a query is about: the first word of its key. Events say which topics they concern. `traffic` is what the providers' queries tell of their
 * calls, beside how they are.
 */
export type Topic =
  | 'overview'
  | 'documents'
  | 'document'
  | 'failures'
  | 'costs'
  | 'charts'
  | 'forecast'
  | 'budgets'
  | 'providers'
  | 'traffic'
  | 'modes'
  | 'alerts'
  | 'audit'
  | 'calls'
  | 'spaces'
  | 'system'

const byKind: Record<StreamedEvent['kind'], readonly Topic[]> = {
  job: ['overview', 'documents', 'document', 'system'],
  document: ['overview', 'documents', 'document', 'spaces'],
  decision: ['document', 'traffic'],
  ledger: ['costs', 'charts', 'forecast', 'budgets', 'document', 'calls', 'traffic'],
  alert: ['alerts'],
  delivery: ['alerts'],
  audit: ['audit', 'modes', 'alerts'],
  provider: ['providers'],
  budget: ['budgets', 'forecast'],
  reembedding: ['spaces'],
}

/** The topics that an event concerns. */
export function topicsOf({ kind, data }: Pick<StreamedEvent, 'kind' | 'data'>): readonly Topic[] {
  const topics = byKind[kind] ?? []
  if (kind === 'job') return [...topics, ...ofJob(data as { state: string; deferralReason: string | null })]
  // That a call is in doubt is no entry of the books; its alert is written where its state is.
  if (kind === 'alert' && (data as { alert: string }).alert === 'call_in_doubt') return [...topics, 'calls', 'costs']
  return topics
}

function* ofJob({ state, deferralReason }: { state: string; deferralReason: string | null }): Generator<Topic> {
  if (state === 'failed' || state === 'retrying' || state === 'succeeded') yield 'failures'
  if (deferralReason === 'budget' || state === 'queued') yield 'budgets'
}
