/** An answer in the form of OpenAI's API, ready to be sent. */
export interface OpenAiReply {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** The fields of OpenAI's `error` object. `type` groups codes; `param` names the field that is wrong. */
export interface OpenAiError {
  message: string
  type: string
  param?: string | null
  code?: string | null
}

/** `{"error":{"message","type","param","code"}}`, as OpenAI orders it. */
export function errorReply(
  status: number,
  { message, type, param = null, code = null }: OpenAiError,
  headers: Readonly<Record<string, string>> = {},
): OpenAiReply {
  return { status, headers, body: JSON.stringify({ error: { message, type, param, code } }) }
}

/** What the caller has to change: 400, or another status below 500, of the type `invalid_request_error`. */
export function refusal(
  message: string,
  { status = 400, type = 'invalid_request_error', ...rest }: Partial<OpenAiError> & { status?: number } = {},
): OpenAiReply {
  return errorReply(status, { ...rest, message, type })
}
