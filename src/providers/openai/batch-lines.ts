import { z } from 'zod'
import type { EmbedBatchInput } from '../../contract/embed-batch-service.ts'
import { AppError } from '../../contract/failure.ts'
import { readEmbeddingsReply } from './embeddings-reply.ts'

/** The lines of a batch's file: a request for each text, under its key. */
export function writeBatchLines(
  { texts }: EmbedBatchInput,
  { model, dimensions }: { model: string; dimensions: number },
): string[] {
  return texts.map(({ key, text }) => {
    const body = { model, dimensions, input: text, encoding_format: 'base64' }
    return `${JSON.stringify({ custom_id: key, method: 'POST', url: '/v1/embeddings', body })}\n`
  })
}

export interface BatchResults {
  vectors: Map<string, Float32Array>
  failed: Map<string, string>
  tokens: number
}

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish() }).nullish(),
})

/** Reads a file of results line by line; a line that cannot be used counts for its text alone, and one without a key for none. */
export async function readBatchLines(
  lines: AsyncIterable<string>,
  dimensions: number,
  name: string,
  into: BatchResults,
): Promise<void> {
  for await (const line of lines) {
    const parsed = lineSchema.safeParse(parseJson(line))
    if (!parsed.success) continue
    const { custom_id: key, response, error } = parsed.data
    if (into.vectors.has(key)) continue
    if (response?.status_code !== 200) {
      into.failed.set(key, error?.code ?? `HTTP ${response?.status_code ?? '?'}`)
      continue
    }
    try {
      const reply = readEmbeddingsReply(JSON.stringify(response.body), ['its text'], dimensions, `A line of ${name}`)
      into.tokens += reply.tokens
      into.vectors.set(key, reply.vectors[0] as Float32Array)
      into.failed.delete(key)
    } catch (fault) {
      if (!(fault instanceof AppError)) throw fault
      into.failed.set(key, fault.code)
    }
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** The lines of a stream of bytes, without holding all of it. */
export async function* splitLines(bytes: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter(line => line !== '')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
