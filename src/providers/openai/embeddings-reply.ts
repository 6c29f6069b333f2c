import { z } from 'zod'
import { AppError } from '../../contract/failure.ts'

export interface EmbeddingsReply {
  vectors: Float32Array[]
  tokens: number
}

const count = z.int().min(0)

/**
 * Only the fields that are used. Servers that speak this protocol may ignore the wish for base64 and send numbers, name only the
 * total (Voyage), or leave out the usage.
 */
const replySchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.union([z.string(), z.array(z.number())]) })),
  usage: z.object({ prompt_tokens: count.optional(), total_tokens: count.optional() }).nullish(),
})

/**
 * The vectors of a reply body, in the order in which the texts were sent, each of `dimensions` finite numbers with a
 * norm above zero, and the tokens that were billed. `names[i]` names the text sent at place i in messages. `unsaidTokens` are taken
 * when the reply does not say how many there were; null: such a reply is malformed.
 * Fails with `provider_reply_malformed` (not JSON, another shape) or `vector_invalid` (a vector that must not be stored).
 */
export function readEmbeddingsReply(
  body: string,
  names: readonly string[],
  dimensions: number,
  call: string,
  unsaidTokens: number | null = null,
): EmbeddingsReply {
  const { data, usage } = parseReply(body, call)
  const tokens = usage?.prompt_tokens ?? usage?.total_tokens ?? unsaidTokens
  if (tokens === null) throw unknownShape(call, 'usage: how many tokens there were is missing')
  if (data.length !== names.length) {
    throw new AppError('vector_invalid', `${call} brought ${data.length} vectors for ${names.length} texts.`)
  }
  const byPlace = new Map(data.map(item => [item.index, item.embedding]))
  const vectors = names.map((name, place) => {
    const embedding = byPlace.get(place)
    if (embedding === undefined) throw new AppError('vector_invalid', `${call} brought no vector for ${name}.`)
    const vector = typeof embedding === 'string' ? decodeBase64(embedding, dimensions) : Float32Array.from(embedding)
    const fault = vector === null ? `is not base64 of ${dimensions} numbers` : faultOf(vector, dimensions)
    if (vector === null || fault) throw new AppError('vector_invalid', `${call}: the vector of ${name} ${fault}.`)
    return vector
  })
  return { vectors, tokens }
}

function parseReply(body: string, call: string): z.infer<typeof replySchema> {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    // The parser's message quotes the body, so it is not kept as the cause.
    throw new AppError(
      'provider_reply_malformed',
      `${call} was answered with ${body.length} characters that are not JSON.`,
    )
  }
  const reply = replySchema.safeParse(json)
  if (reply.success) return reply.data
  const [issue] = reply.error.issues
  const where = issue?.path.join('.') || 'the reply'
  throw unknownShape(call, `${where}: ${issue?.message}`)
}

function unknownShape(call: string, fault: string): AppError {
  return new AppError('provider_reply_malformed', `${call} was answered in an unknown shape: ${fault}.`)
}

/** Little-endian float32, as every machine that Node runs on stores it. Null when it is no base64 or not whole numbers. */
function decodeBase64(text: string, dimensions: number): Float32Array | null {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const byteCount = (text.length / 4) * 3 - padding
  if (byteCount !== dimensions * 4) return decodeOtherSize(text)
  const vector = new Float32Array(dimensions)
  try {
    const { written } = new Uint8Array(vector.buffer).setFromBase64(text)
    return written === byteCount ? vector : null
  } catch {
    return null
  }
}

/** A vector of the wrong size is still read, so that the message can say its size. */
function decodeOtherSize(text: string): Float32Array | null {
  try {
    const bytes = Uint8Array.fromBase64(text)
    return bytes.length % 4 === 0 ? new Float32Array(bytes.buffer, 0, bytes.length / 4) : null
  } catch {
    return null
  }
}

function faultOf(vector: Float32Array, dimensions: number): string | null {
  if (vector.length !== dimensions) return `has ${vector.length} numbers instead of ${dimensions}`
  let sumOfSquares = 0
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i] as number
    sumOfSquares += x * x
  }
  // Squares of float32 cannot overflow a double, so this is only ever NaN or infinite if a number was.
  if (!Number.isFinite(sumOfSquares)) return 'holds a number that is not finite'
  if (sumOfSquares === 0) return 'is all zeros'
  return isConstant(vector) ? 'is the same number throughout' : null
}

/** In one dimension, and in very few, that is no fault. */
function isConstant(vector: Float32Array): boolean {
  return vector.length >= 8 && vector.every(x => x === vector[0])
}
