import { type Answer, refuseFields } from './simulator-answer.ts'

/** The JSON of a request, or the 422 that LlamaCloud's framework (FastAPI) gives for a body that is none. */
export async function readJson(request: Request): Promise<{ value: unknown } | Answer> {
  const value = parseJson(await request.text())
  if (value !== undefined) return { value }
  return refuseFields([{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }])
}

/** Undefined where the text is no JSON, which has no undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
