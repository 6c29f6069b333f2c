import { AppError } from '../../contract/failure.ts'
import { maxInputsPerRequest, maxTokensPerInput, maxTokensPerRequest } from './limits.ts'

/**
 * Which inputs share a request: each request is a list of positions in `tokenCounts`, ascending. All three limits hold,
 * every input is in exactly one request, and the requests are as few as evenly filling them can make.
 * Fails with `call_invalid` for an input that no request may carry; nothing has been sent or paid then.
 */
export function planRequests(tokenCounts: readonly number[]): number[][] {
  const unfit = tokenCounts.findIndex(count => !(count >= 1 && count <= maxTokensPerInput))
  if (unfit >= 0) throw unfitInput(unfit, tokenCounts)
  if (tokenCounts.length === 0) return []
  const inOrder = fillInOrder(tokenCounts)
  const totalTokens = tokenCounts.reduce((sum, count) => sum + count, 0)
  const fewest = Math.max(
    Math.ceil(tokenCounts.length / maxInputsPerRequest),
    Math.ceil(totalTokens / maxTokensPerRequest),
  )
  for (let requestCount = fewest; requestCount < inOrder.length; requestCount++) {
    const even = fillEvenly(tokenCounts, requestCount)
    if (even) return even
  }
  return inOrder
}

/** Closes a request when the next input does not fit. Simple, but leaves gaps. */
function fillInOrder(tokenCounts: readonly number[]): number[][] {
  const requests: number[][] = []
  let current: number[] = []
  let tokens = 0
  for (const [position, count] of tokenCounts.entries()) {
    if (current.length === maxInputsPerRequest || tokens + count > maxTokensPerRequest) {
      requests.push(current)
      current = []
      tokens = 0
    }
    current.push(position)
    tokens += count
  }
  return [...requests, current]
}

/** Largest input first, each into the emptiest request that still has room; null where one does not fit. */
function fillEvenly(tokenCounts: readonly number[], requestCount: number): number[][] | null {
  const largestFirst = [...tokenCounts.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  const requests = Array.from({ length: requestCount }, () => ({ positions: [] as number[], tokens: 0 }))
  for (const [position, count] of largestFirst) {
    let emptiest: (typeof requests)[number] | undefined
    for (const request of requests) {
      const hasRoom = request.positions.length < maxInputsPerRequest && request.tokens + count <= maxTokensPerRequest
      if (hasRoom && (emptiest === undefined || request.tokens < emptiest.tokens)) emptiest = request
    }
    if (emptiest === undefined) return null
    emptiest.positions.push(position)
    emptiest.tokens += count
  }
  return requests.map(request => request.positions.sort((a, b) => a - b))
}

function unfitInput(position: number, tokenCounts: readonly number[]): AppError {
  const count = tokenCounts[position]
  const wrong =
    count === undefined || !(count >= 1)
      ? 'is empty, and OpenAI refuses empty texts'
      : `has ${count} tokens, but OpenAI takes at most ${maxTokensPerInput} in one text`
  const message = `Text ${position + 1} of ${tokenCounts.length} ${wrong}. It was not sent. Sluice should have cut it differently: this is our fault.`
  return new AppError('call_invalid', message)
}
