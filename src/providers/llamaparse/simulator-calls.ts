import { type Answer, refuse } from './simulator-answer.ts'

const routes = [
  ['upload', 'POST', /^\/api\/v2\/parse\/upload$/],
  ['create', 'POST', /^\/api\/v2\/parse$/],
  ['list', 'GET', /^\/api\/v2\/parse$/],
  ['versions', 'GET', /^\/api\/v2\/parse\/versions$/],
  ['get', 'GET', /^\/api\/v2\/parse\/([^/]+)$/],
  ['cancel', 'POST', /^\/api\/v2\/parse\/([^/]+)\/cancel$/],
  ['delete', 'DELETE', /^\/api\/v2\/parse\/([^/]+)$/],
  ['file_create', 'POST', /^\/api\/v1\/beta\/files$/],
  ['file_list', 'GET', /^\/api\/v1\/beta\/files$/],
  ['file_content', 'GET', /^\/api\/v1\/beta\/files\/([^/]+)\/content$/],
  ['file_get', 'GET', /^\/api\/v1\/beta\/files\/([^/]+)$/],
  ['file_delete', 'DELETE', /^\/api\/v1\/beta\/files\/([^/]+)$/],
  ['webhook_create', 'POST', /^\/api\/v1\/beta\/webhook-configs$/],
  ['webhook_list', 'GET', /^\/api\/v1\/beta\/webhook-configs$/],
  ['webhook_get', 'GET', /^\/api\/v1\/beta\/webhook-configs\/([^/]+)$/],
  ['webhook_update', 'PUT', /^\/api\/v1\/beta\/webhook-configs\/([^/]+)$/],
  ['webhook_delete', 'DELETE', /^\/api\/v1\/beta\/webhook-configs\/([^/]+)$/],
  ['usage_metrics', 'GET', /^\/api\/v1\/beta\/usage-metrics$/],
  ['download', 'GET', /^\/simulated-storage\/(.+)$/],
] as const

export type CallName = (typeof routes)[number][0]

export const callNames = routes.map(([call]) => call) as [CallName, ...CallName[]]

/** A request by the name of its call; `id` is the one in its path, empty where the path has none. */
export interface Call {
  name: CallName
  id: string
}

/** Which call a request is; a 404 or a 405 where it is none. */
export function recognizeCall(request: Request): Call | Answer {
  const { pathname } = new URL(request.url)
  const matching = routes.filter(([, , pattern]) => pattern.test(pathname))
  const route = matching.find(([, method]) => method === request.method)
  if (route) return { name: route[0], id: decodeURIComponent(route[2].exec(pathname)?.[1] ?? '') }
  return matching.length > 0 ? refuse(405, 'Method Not Allowed') : refuse(404, 'Not Found')
}

/** The calls that create a parse job. */
export function isCreating(call: CallName): boolean {
  return call === 'upload' || call === 'create'
}
