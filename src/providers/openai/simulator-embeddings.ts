import { simulatedVector } from './simulated-vector.ts'
import type { Answer } from './simulator-answer.ts'
import { type EmbeddingsRequest, readEmbeddingsRequest } from './simulator-embeddings-request.ts'
import { spoilVectors, type WrongVectors } from './simulator-faults.ts'
import { parseObject, unparseableBody } from './simulator-json.ts'

/** Turns tokens back into the text that they are; null where they are none. */
export type DecodeTokens = (tokens: readonly number[]) => string | null

export interface EmbeddingsDesk {
  countTokens(text: string): number
  decodeTokens: DecodeTokens
  /** The rate limit's headers, or its refusal. */
  admit(model: string, tokens: number): { headers: Record<string, string>; refusal?: Answer }
  charge(model: string, inputs: number, tokens: number): void
  wrongVectors: WrongVectors | undefined
}

/** Checks the body of POST /v1/embeddings as the real service does and answers it. */
export async function answerEmbeddings(body: string, desk: EmbeddingsDesk): Promise<Answer> {
  const fields = parseObject(body)
  const request = fields ? readEmbeddingsRequest(fields, desk.countTokens) : unparseableBody()
  if ('status' in request) return request
  const { headers, refusal } = desk.admit(request.model, request.tokens)
  if (refusal) return refusal
  desk.charge(request.model, request.inputs.length, request.tokens)
  return { status: 200, headers, body: await writeEmbeddings(request, desk.decodeTokens, desk.wrongVectors) }
}

/** The body of the reply: the vectors of all inputs, in their order. */
export async function writeEmbeddings(
  request: EmbeddingsRequest,
  decodeTokens: DecodeTokens,
  wrongVectors?: WrongVectors,
): Promise<string> {
  const encode = request.format === 'base64' ? toBase64 : toNumbers
  const vectors = await embed(request, decodeTokens)
  const items = vectors.map((vector, index) => ({ object: 'embedding', index, vector }))
  const data = (wrongVectors ? spoilVectors(items, wrongVectors) : items).map(({ vector, ...item }) => ({
    ...item,
    embedding: encode(vector),
  }))
  const usage = { prompt_tokens: request.tokens, total_tokens: request.tokens }
  return JSON.stringify({ object: 'list', data, model: request.model, usage })
}

/** Tokens have the vector of the text that they stand for, and where that cannot be told, one of the numbers. */
async function embed(
  { model, inputs, dimensions }: EmbeddingsRequest,
  decodeTokens: DecodeTokens,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const input of inputs) {
    // In-process, 2,048 texts in one go would keep everyone else waiting for a third of a second.
    if (vectors.length % 128 === 127) await new Promise(resolve => setImmediate(resolve))
    const text = typeof input === 'string' ? input : (decodeTokens(input) ?? input.join(' '))
    vectors.push(simulatedVector(text, dimensions, model))
  }
  return vectors
}

function toBase64(vector: Float32Array): string {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).toBase64()
}

/** Nine digits name a float32 exactly. */
function toNumbers(vector: Float32Array): number[] {
  return Array.from(vector, value => Number(value.toPrecision(9)))
}
