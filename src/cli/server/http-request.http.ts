import { z } from 'zod'
import { problemSchema } from '../../contract/problem.ts'
import { CliFailure, reportedFailure } from '../cli-failure.ts'

export interface ServerAddress {
  url: string
  apiKey: string
}
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Readonly<Record<string, string | number | undefined>> | undefined
  json?: unknown
  /** A streamed body instead of `json`; without a time limit. */
  stream?: { contentType: string; body: AsyncIterable<Uint8Array> }
}

/**
 * One call of the API; answers the body as `schema` reads it. Throws a CliFailure: `server_unreachable` without an answer,
 * otherwise what the server reported, with its correlation id. When `signal` aborts, its reason is thrown.
 */
export async function requestJson<Schema extends z.ZodType>(
  server: ServerAddress,
  request: ApiRequest,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.infer<Schema>> {
  const { status, text } = await exchange(server, request, signal)
  if (status >= 400) throw refusal(server, request, status, text)
  const body = schema.safeParse(status === 204 ? undefined : parsedJson(text))
  if (body.success) return body.data
  const place = body.error.issues[0]?.path.join('.') || 'its body'
  throw new CliFailure('internal_error', `${called(server, request)} answered in an unknown shape (at ${place}).`, {
    action: 'Check that the address is that of a Sluice server and that both sides have the same version.',
  })
}

/**
 * One call whose answer is text of any length: `write` gets it piece by piece. Throws as `requestJson` does, also when the
 * answer breaks off.
 */
export async function requestText(
  server: ServerAddress,
  request: ApiRequest & { accept: string },
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const response = await send(server, request, signal)
    if (response.status >= 400) throw refusal(server, request, response.status, await response.text())
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) write(decoder.decode(piece, { stream: true }))
    write(decoder.decode())
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof CliFailure ? error : unreachable(server, request, error)
  }
}

/** True when a Sluice server answers at this address within two seconds. */
export async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(new URL('/healthz', url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
    })
    return response.ok && healthSchema.safeParse(parsedJson(await response.text())).success
  } catch {
    signal.throwIfAborted()
    return false
  }
}

async function exchange(server: ServerAddress, request: ApiRequest, signal: AbortSignal) {
  const within = request.stream ? signal : AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)])
  try {
    const response = await send(server, request, within)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    signal.throwIfAborted()
    throw unreachable(server, request, error)
  }
}

async function send(
  server: ServerAddress,
  request: ApiRequest & { accept?: string },
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(request.path, server.url)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  const { accept = 'application/json' } = request
  return await fetch(url, {
    method: request.method,
    headers: { authorization: `Bearer ${server.apiKey}`, accept, ...contentType(request) },
    signal,
    redirect: 'error',
    ...bodyOf(request),
  })
}

function unreachable(server: ServerAddress, request: ApiRequest, cause: unknown): CliFailure {
  const message = `${called(server, request)} got no answer: ${causeOf(cause)}.`
  return new CliFailure('server_unreachable', message, { cause })
}

function contentType({ json, stream }: ApiRequest): Record<string, string> {
  if (stream) return { 'content-type': stream.contentType }
  return json === undefined ? {} : { 'content-type': 'application/json' }
}

// A streamed body keeps memory constant: fetch reads the files of a FormData whole.
function bodyOf({ json, stream }: ApiRequest) {
  if (stream) return { body: ReadableStream.from(stream.body), duplex: 'half' as const }
  return json === undefined ? {} : { body: JSON.stringify(json) }
}

function refusal(server: ServerAddress, request: ApiRequest, status: number, text: string): CliFailure {
  const problem = reportSchema.safeParse(parsedJson(text))
  if (problem.success) return reportedFailure(problem.data)
  return new CliFailure(
    'internal_error',
    `${called(server, request)} answered with status ${status} and no explanation.`,
    {
      action: 'Check that the address is that of a Sluice server (and not of a proxy that refuses).',
    },
  )
}

function called(server: ServerAddress, request: ApiRequest): string {
  return `${request.method} ${new URL(request.path, server.url)}`
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${answerWithinMs / 1000} s`
  const cause = error.cause
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return error.message
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const answerWithinMs = 60_000
const healthSchema = z.object({ status: z.literal('ok') })
/** A newer server may report codes that this version does not know. */
const reportSchema = problemSchema.extend({ code: z.string() })
