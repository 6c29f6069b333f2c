import { type Answer, errorAnswer } from './simulator-answer.ts'

/** What the real service says to a request without a key, or with another one than `apiKey`; null for a right one. */
export function refuseKey(request: Request, apiKey: string | undefined): Answer | null {
  const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (key === undefined) {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
    return errorAnswer(401, message, { type: 'invalid_request_error' })
  }
  if (apiKey === undefined || key === apiKey) return null
  const shown =
    key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '*'.repeat(key.length)
  const message = `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`
  return errorAnswer(401, message, { type: 'invalid_request_error', code: 'invalid_api_key' })
}
