import { type Answer, errorAnswer } from './simulator-answer.ts'

interface Listed {
  id: string
}

/**
 * One page of a list, with the cursor that the SDK follows: `{object: "list", data, has_more, first_id, last_id}`. `items` are in the order
 * in which they are shown; `after` is the id of the last one before the page.
 */
export function answerPage<Item extends Listed>(
  items: readonly Item[],
  params: URLSearchParams,
  { defaultLimit, maxLimit }: { defaultLimit: number; maxLimit: number },
  view: (item: Item) => object,
): Answer {
  const limit = params.get('limit')
  const size = limit === null ? defaultLimit : Number(limit || Number.NaN)
  if (!Number.isInteger(size) || size < 1 || size > maxLimit)
    return invalid('limit', `Invalid value for 'limit': '${limit}'. Expected an integer from 1 to ${maxLimit}.`)
  const after = params.get('after')
  const before = after === null ? -1 : items.findIndex(({ id }) => id === after)
  if (after !== null && before < 0) return invalid('after', `Invalid value for 'after': no object with id '${after}'.`)
  const page = items.slice(before + 1, before + 1 + size)
  const body = {
    object: 'list',
    data: page.map(view),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: before + 1 + size < items.length,
  }
  return { status: 200, headers: {}, body: JSON.stringify(body) }
}

function invalid(param: string, message: string): Answer {
  return errorAnswer(400, message, { type: 'invalid_request_error', param })
}
