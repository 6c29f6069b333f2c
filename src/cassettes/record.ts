import type { z } from 'zod'
import type { CassetteStore, Exchange, JobCassette } from './cassette.ts'
import { type EmbeddingsCall, nameVector, readEmbeddingsCall, readFetch, readUpload } from './read-calls.ts'

export interface RecordOptions {
  store: CassetteStore
  /** The real exchange. */
  forward: Exchange
  countTokens(text: string): number
}

interface VectorReply {
  data: { index: number; embedding: string | number[] }[]
}

type Json = z.core.util.JSONType

/**
 * Passes every request on, and keeps what is needed to serve it again: the vector of each text under the text's hash, and each finished job of
 * LlamaParse under the hash of its file and options. No key, no header and no text of a request is written down; replies are kept whole.
 */
export function recordTo({ store, forward, countTokens }: RecordOptions): Exchange {
  const jobs = new Map<string, { name: string; cassette: JobCassette }>()
  return async request => {
    const embeddings = await readEmbeddingsCall(request)
    const upload = embeddings ? null : await readUpload(request)
    const response = await forward(request)
    if (!response.ok) return response
    if (embeddings) await keepVectors(store, embeddings, (await response.clone().json()) as VectorReply, countTokens)
    else if (upload) {
      const created = (await response.clone().json()) as { id: string }
      const { tier, name } = upload
      jobs.set(created.id, { name, cassette: { kind: 'parse', tier, jobId: created.id, created, fetched: {} } })
    } else await keepFetched(store, jobs, request, response)
    return response
  }
}

async function keepVectors(
  store: CassetteStore,
  call: EmbeddingsCall,
  reply: VectorReply,
  countTokens: (text: string) => number,
): Promise<void> {
  const { model, dimensions } = call
  for (const { index, embedding } of reply.data) {
    const text = call.texts[index]
    if (text === undefined) continue
    const vector = typeof embedding === 'string' ? embedding : toBase64(embedding)
    const cassette = { kind: 'embedding' as const, model, dimensions, tokens: countTokens(text), vector }
    await store.write(nameVector(call, text), cassette)
  }
}

async function keepFetched(
  store: CassetteStore,
  jobs: ReadonlyMap<string, { name: string; cassette: JobCassette }>,
  request: Request,
  response: Response,
): Promise<void> {
  const fetched = readFetch(request)
  const known = fetched && jobs.get(fetched.jobId)
  if (!fetched || !known) return
  const reply = (await response.clone().json()) as { job?: { status?: string } }
  // One that is still at work has no result; one that failed is kept as it failed.
  if (['PENDING', 'RUNNING'].includes(reply.job?.status ?? 'PENDING')) return
  known.cassette.fetched[fetched.parts] = reply as Json
  await store.write(known.name, known.cassette)
}

function toBase64(numbers: readonly number[]): string {
  return Buffer.from(new Float32Array(numbers).buffer).toString('base64')
}
