import { AppError } from '../../contract/failure.ts'
import { type EndpointProfile, mostTokens, type RequestLimits } from './endpoint-profile.ts'
import { openAiProfile } from './endpoint-profiles.ts'

type Plan = Pick<EndpointProfile, 'label' | 'limits' | 'tokenFactor' | 'extraTokensPerText'>

/**
 * Which inputs share a request: each request is a list of positions in `tokenCounts`, ascending. All three limits hold,
 * every input is in exactly one request, and the requests are as few as evenly filling them can make.
 * An input that may be too long by the server's own count alone goes alone, for the server to judge.
 * Fails with `call_invalid` for an input that no request may carry; nothing has been sent or paid then.
 */
export function planRequests(tokenCounts: readonly number[], plan: Plan = openAiProfile): number[][] {
  const { limits } = plan
  const unfit = tokenCounts.findIndex(count => !(count >= 1 && count <= limits.maxTokensPerInput))
  if (unfit >= 0) throw unfitInput(unfit, tokenCounts, plan)
  if (tokenCounts.length === 0) return []
  const sizes = tokenCounts.map(count => Math.min(mostTokens(count, plan), limits.maxTokensPerRequest))
  const inOrder = fillInOrder(sizes, limits)
  const totalTokens = sizes.reduce((sum, count) => sum + count, 0)
  const fewest = Math.max(
    Math.ceil(sizes.length / limits.maxInputsPerRequest),
    Math.ceil(totalTokens / limits.maxTokensPerRequest),
  )
  for (let requestCount = fewest; requestCount < inOrder.length; requestCount++) {
    const even = fillEvenly(sizes, requestCount, limits)
    if (even) return even
  }
  return inOrder
}

/** Closes a request when the next input does not fit. Simple, but leaves gaps. */
function fillInOrder(
  sizes: readonly number[],
  { maxInputsPerRequest, maxTokensPerRequest }: RequestLimits,
): number[][] {
  const requests: number[][] = []
  let current: number[] = []
  let tokens = 0
  for (const [position, count] of sizes.entries()) {
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
function fillEvenly(
  sizes: readonly number[],
  requestCount: number,
  { maxInputsPerRequest, maxTokensPerRequest }: RequestLimits,
): number[][] | null {
  const largestFirst = [...sizes.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0])
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

function unfitInput(position: number, tokenCounts: readonly number[], { label, limits }: Plan): AppError {
  const count = tokenCounts[position]
  const wrong =
    count === undefined || !(count >= 1)
      ? `is empty, and ${label} refuses empty texts`
      : `has ${count} tokens, but ${label} takes at most ${limits.maxTokensPerInput} in one text`
  const message = `Text ${position + 1} of ${tokenCounts.length} ${wrong}. It was not sent. Sluice should have cut it differently: this is our fault.`
  return new AppError('call_invalid', message)
}
