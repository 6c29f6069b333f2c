import type { Answer } from './simulator-answer.ts'
import type { SeededChance } from './simulator-identity.ts'

export interface Downloads {
  /** A link that works without a key until it expires, as a presigned one of S3 does. `origin` is where the simulator is served. */
  link(origin: string, path: string, expiresAt: Date): string
  answer(path: string, params: URLSearchParams, now: Date): Answer
}

/** Serves what links of the simulator's own lead to; `find` is given the path of a link. */
export function createDownloads(
  chance: SeededChance,
  find: (path: string) => string | Uint8Array<ArrayBuffer> | null,
): Downloads {
  const sign = (path: string, expires: string) => chance.uuid('link', path, expires)
  return {
    link(origin, path, expiresAt) {
      const expires = String(Math.ceil(expiresAt.getTime() / 1000))
      return `${origin}/simulated-storage/${path}?expires=${expires}&signature=${sign(path, expires)}`
    },
    answer(path, params, now) {
      const expires = params.get('expires') ?? '0'
      const isValid = params.get('signature') === sign(path, expires) && Number(expires) * 1000 >= now.getTime()
      const body = isValid ? find(path) : null
      if (body !== null) return { status: 200, body, contentType: 'application/octet-stream' }
      return {
        status: isValid ? 404 : 403,
        body: '<Error><Code>AccessDenied</Code></Error>',
        contentType: 'application/xml',
      }
    },
  }
}
