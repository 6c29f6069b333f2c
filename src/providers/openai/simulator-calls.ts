import { type Answer, errorAnswer, refuseMethod } from './simulator-answer.ts'
import { isUsageReport } from './simulator-usage.ts'

/** What a request asks for. */
export interface Call {
  name: CallName
  /** Of the file or batch that the path names. */
  id: string
}

type CallName =
  | 'embeddings'
  | 'report'
  | 'files'
  | 'file'
  | 'file_content'
  | 'batch_create'
  | 'batch_list'
  | 'batch'
  | 'batch_cancel'

const paths: readonly [pattern: RegExp, calls: Partial<Record<string, CallName>>][] = [
  [/^\/v1\/files$/, { GET: 'files', POST: 'files' }],
  [/^\/v1\/files\/([^/]+)$/, { GET: 'file', DELETE: 'file' }],
  [/^\/v1\/files\/([^/]+)\/content$/, { GET: 'file_content' }],
  [/^\/v1\/batches$/, { GET: 'batch_list', POST: 'batch_create' }],
  [/^\/v1\/batches\/([^/]+)$/, { GET: 'batch' }],
  [/^\/v1\/batches\/([^/]+)\/cancel$/, { POST: 'batch_cancel' }],
]

/** Recognizes a call by method and path, or gives what the real service says to one that it does not have. */
export function recognizeCall({ method, url }: Request): Call | Answer {
  const { pathname } = new URL(url)
  // First, because it is asked for most.
  if (pathname === '/v1/embeddings')
    return method === 'POST' ? { name: 'embeddings', id: '' } : refuseMethod(method, pathname)
  if (isUsageReport(pathname)) return { name: 'report', id: '' }
  for (const [pattern, calls] of paths) {
    const found = pattern.exec(pathname)
    if (!found) continue
    const name = calls[method]
    return name ? { name, id: decodeURIComponent(found[1] ?? '') } : refuseMethod(method, pathname)
  }
  return errorAnswer(404, `Invalid URL (${method} ${pathname})`, { type: 'invalid_request_error' })
}
