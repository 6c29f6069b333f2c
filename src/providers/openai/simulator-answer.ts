/** A reply before it becomes a Response. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string | ReadableStream<Uint8Array>
}

interface ErrorFields {
  type: string
  code?: string | null
  param?: string | null
}

/** An error in OpenAI's shape: `{"error":{"message","type","param","code"}}`. */
export function errorAnswer(
  status: number,
  message: string,
  { type, code = null, param = null }: ErrorFields,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers, body: JSON.stringify({ error: { message, type, param, code } }) }
}

/** What the real service says to an input of a wrong shape, an empty text, or too many of them. */
export function invalidInput(): Answer {
  const message =
    "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."
  return errorAnswer(400, message, { type: 'invalid_request_error' })
}

/** The headers that tell how long to wait: whole seconds and milliseconds, both. */
export function retryHeaders(retryAfterMs: number | undefined): Record<string, string> {
  if (retryAfterMs === undefined) return {}
  return { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), 'retry-after-ms': String(Math.ceil(retryAfterMs)) }
}

export function okAnswer(body: object): Answer {
  return { status: 200, headers: {}, body: JSON.stringify(body) }
}

export function refuseMethod(method: string, pathname: string): Answer {
  const message = `Not allowed to ${method} on ${pathname}. (HINT: Perhaps you meant to use a different HTTP method?)`
  return errorAnswer(405, message, { type: 'invalid_request_error', code: 'method_not_supported' })
}
