import { hash } from 'node:crypto'
import type { ResultPage } from './simulator-job.ts'
import type { ParseRequest } from './simulator-request.ts'

const keptMs = 48 * 60 * 60 * 1000

export interface ResultCache {
  find(sha256: string, request: ParseRequest, now: Date): ResultPage[] | null
  keep(sha256: string, request: ParseRequest, pages: ResultPage[], now: Date): void
}

/**
 * Results by the file's hash and all options, for 48 hours: what is found here costs nothing (documented). Guessed: the tags of a job and
 * its webhooks do not matter, the time counts from the end of the first job, and a job that bypasses the cache leaves nothing in it.
 */
export function createResultCache(): ResultCache {
  const kept = new Map<string, { pages: ResultPage[]; untilMs: number }>()
  return {
    find(sha256, request, now) {
      const entry = request.disable_cache ? undefined : kept.get(keyOf(sha256, request))
      return entry && entry.untilMs > now.getTime() ? entry.pages : null
    },
    keep(sha256, request, pages, now) {
      if (!request.disable_cache) kept.set(keyOf(sha256, request), { pages, untilMs: now.getTime() + keptMs })
    },
  }
}

const irrelevant = new Set([
  'client_name',
  'user_metadata',
  'disable_cache',
  'webhook_configurations',
  'webhook_configuration_ids',
  'file_id',
  'source_url',
  'http_proxy',
])

function keyOf(sha256: string, request: ParseRequest): string {
  const options = Object.entries(request).filter(([name]) => !irrelevant.has(name))
  return `${sha256} ${hash('sha256', JSON.stringify(sorted(Object.fromEntries(options))), 'hex')}`
}

/** The same options in another order are the same; nulls are as good as nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
