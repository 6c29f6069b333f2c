import createClient, { createQuerySerializer } from 'openapi-fetch'
import type { paths } from './api-types.ts'
import { forgetKey, readKey } from './session.ts'
import { forTenant } from './tenant.ts'

const serialize = createQuerySerializer()

/** The server's API; its types come from the OpenAPI document. Every request names the tenant that is chosen, if one is. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  querySerializer: query => serialize(forTenant(query as Record<string, unknown>)),
})
api.use({
  onRequest({ request }) {
    request.headers.set('authorization', `Bearer ${readKey() ?? ''}`)
  },
})

/** What an endpoint answers to GET. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

/** A request that the server refused, or that did not reach it. `action` says what to do. */
export class ApiFailure extends Error {
  readonly code: string
  readonly action: string
  readonly status: number

  constructor({ code, detail, action, status }: { code: string; detail: string; action: string; status: number }) {
    super(detail)
    this.code = code
    this.action = action
    this.status = status
  }
}

/** The body of an answer. Throws `ApiFailure`; a key that is no longer taken is forgotten, and the sign-in page comes. */
export async function answerOf<Body>(
  call: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<Exclude<Body, undefined>> {
  const { data, error, response } = await call
  if (response.ok) return data as Exclude<Body, undefined>
  throw toFailure(response.status, error)
}

/** The failure that a problem+json of the server tells. */
export function toFailure(status: number, body: unknown): ApiFailure {
  if (status === 401 && readKey() !== null) {
    forgetKey()
    window.location.reload()
  }
  const {
    code = 'unknown',
    detail = `The server answered ${status}.`,
    action = '',
  } = (body ?? {}) as Partial<ApiFailure> & {
    detail?: string
  }
  return new ApiFailure({ code, detail, action, status })
}

/** A file that an endpoint sends, saved by the browser under a name. */
export async function saveFile(path: string, query: Record<string, string>, fileName: string): Promise<void> {
  const response = await fetch(`${path}?${new URLSearchParams(forTenant(query))}`, {
    headers: { authorization: `Bearer ${readKey() ?? ''}` },
  })
  if (!response.ok) throw toFailure(response.status, await response.json().catch(() => null))
  const url = URL.createObjectURL(await response.blob())
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName })
  link.click()
  URL.revokeObjectURL(url)
}
