import { type Answer, answerWith, type FieldFault, refuse, refuseFields } from './simulator-answer.ts'
import { parseJson } from './simulator-body.ts'

const maxPageSize = 1000

/**
 * One page of a list: `{items,next_page_token,total_size}`. `items` are ordered by a key of their own, after which the next page begins, so
 * that what is added or deleted meanwhile moves nothing. `total_size` stays null: the SDK says that it is filled only on request.
 */
export function answerPage<Item, Key extends string | number>(
  items: readonly Item[],
  params: URLSearchParams,
  keyOf: (item: Item) => Key,
  view: (item: Item) => unknown,
): Answer {
  const size = params.get('page_size')
  const isSize = size === null || /^[1-9]\d{0,8}$/.test(size)
  if (!isSize) return refuseFields([faultOfQuery('page_size', size, 'int_parsing', 'Input should be a valid integer')])
  const token = params.get('page_token')
  const after = token ? readToken<Key>(token) : null
  if (token && after === null) return refuse(400, 'Invalid page token')
  const left = after === null ? items : items.filter(item => keyOf(item) > after)
  const page = left.slice(0, Math.min(Number(size ?? 100), maxPageSize))
  const last = page.at(-1)
  const hasMore = last !== undefined && page.length < left.length
  const next = hasMore ? Buffer.from(JSON.stringify([keyOf(last)])).toString('base64url') : null
  return answerWith({ items: page.map(view), next_page_token: next, total_size: null })
}

function readToken<Key>(token: string): Key | null {
  const value = parseJson(Buffer.from(token, 'base64url').toString())
  return Array.isArray(value) ? (value[0] as Key) : null
}

/** The values of a parameter that may be repeated or hold commas; null where it is not given. */
export function valuesOf(params: URLSearchParams, name: string): Set<string> | null {
  return params.has(name) ? new Set(params.getAll(name).flatMap(value => value.split(','))) : null
}

export function faultOfQuery(name: string, input: unknown, type: string, msg: string): FieldFault {
  return { type, loc: ['query', name], msg, input }
}
