import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPublicHost } from './public-address.ts'

export interface Post {
  url: string
  headers: Record<string, string>
  body: string
  timeoutMs: number
  /** Whether it may be sent to this machine and to private networks. */
  allowPrivate: boolean
}

export interface PostAnswer {
  status: number
  retryAfter: string | null
}

/** Nothing was sent, since it would have gone to this machine or into a private network. */
export class PrivateAddressError extends Error {
  constructor(host: string) {
    super(`${host} is not an address in the internet`)
  }
}

/**
 * Posts to an address that somebody gave us, following no redirect and reading no answer but its status. Unless it is allowed, nothing
 * is sent to a private address, nor to a public name that leads to one: it is looked up once, and that is where the connection goes.
 * Throws `PrivateAddressError`, or what happened when there is no answer in time.
 */
export function post({ url, headers, body, timeoutMs, allowPrivate }: Post): Promise<PostAnswer> {
  const { protocol, hostname } = new URL(url)
  if (!allowPrivate && !isPublicHost(hostname)) return Promise.reject(new PrivateAddressError(hostname))
  const request = protocol === 'https:' ? requestHttps : requestHttp
  const length = String(Buffer.byteLength(body))
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': length },
        agent: false,
        ...(!allowPrivate && { lookup: publicLookup() }),
      },
      answer => {
        clearTimeout(timer)
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] ?? null })
        answer.destroy()
      },
    )
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs)
    sent.once('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    sent.end(body)
  })
}

/** Finds an address as `resolve` does, and refuses a name of which one leads into a private network. */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const hidden = found?.find(({ address, family }) => !isPublicHost(family === 6 ? `[${address}]` : address))
      const [first] = found ?? []
      if (error || hidden || !first)
        callback(error ?? new PrivateAddressError(`${hostname} (${hidden?.address})`), '', 4)
      else if (options.all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void
