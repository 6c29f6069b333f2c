import type { StreamedEvent } from '../../../contract/event.ts'

/** What a query is about: the first word of its key. Events say which topics they concern. */
export type Topic =
  | 'overview'
  | 'documents'
  | 'document'
  | 'failures'
  | 'costs'
  | 'forecast'
  | 'budgets'
  | 'providers'
  | 'modes'
  | 'alerts'
  | 'audit'
  | 'calls'
  | 'spaces'
  | 'system'

const byKind: Record<StreamedEvent['kind'], readonly Topic[]> = {
  job: ['overview', 'documents', 'document', 'system'],
  document: ['overview', 'documents', 'document', 'spaces'],
  decision: ['document', 'providers'],
  ledger: ['costs', 'forecast', 'budgets', 'document', 'calls', 'providers'],
  alert: ['alerts'],
  delivery: ['alerts'],
  audit: ['audit', 'modes', 'alerts'],
  provider: ['providers'],
  budget: ['budgets', 'forecast'],
  reembedding: ['spaces'],
}

/** The topics that an event concerns. */
export function topicsOf(event: Pick<StreamedEvent, 'kind' | 'data'>): readonly Topic[] {
  const topics = byKind[event.kind] ?? []
  if (event.kind !== 'job') return topics
  const { state, deferralReason } = event.data as { state: string; deferralReason: string | null }
  return [
    ...topics,
    ...(state === 'failed' || state === 'retrying' || state === 'succeeded' ? (['failures'] as const) : []),
    ...(deferralReason === 'in_doubt' ? (['calls'] as const) : []),
    ...(deferralReason === 'budget' || state === 'queued' ? (['budgets'] as const) : []),
  ]
}
