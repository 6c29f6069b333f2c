import { AppError } from '../contract/failure.ts'
import {
  type CassetteStore,
  type Exchange,
  type JobCassette,
  jobCassetteSchema,
  vectorCassetteSchema,
} from './cassette.ts'
import { type EmbeddingsCall, nameVector, readEmbeddingsCall, readFetch, readUpload } from './read-calls.ts'

/**
 * Serves what was recorded, and nothing else: a call that was not recorded rejects with `cassette_missing`, naming it. A job of LlamaParse is done
 * as soon as it is asked for. Jobs live as long as the process.
 */
export function replayFrom(store: CassetteStore): Exchange {
  const jobs = new Map<string, JobCassette>()
  return async request => {
    const embeddings = await readEmbeddingsCall(request)
    if (embeddings) return await answerEmbeddings(store, embeddings)
    const upload = await readUpload(request)
    if (upload) {
      const cassette = await store.read(upload.name, jobCassetteSchema)
      if (!cassette) throw missing(`the upload of a file to LlamaParse, tier ${upload.tier}`, upload.name)
      const jobId = `pjb-replayed-${jobs.size + 1}`
      jobs.set(jobId, cassette)
      return json(renamed(cassette.created, cassette.jobId, jobId))
    }
    return answerAboutJobs(jobs, request)
  }
}

async function answerEmbeddings(store: CassetteStore, call: EmbeddingsCall): Promise<Response> {
  const data = []
  let tokens = 0
  for (const [index, text] of call.texts.entries()) {
    const name = nameVector(call, text)
    const cassette = await store.read(name, vectorCassetteSchema)
    if (!cassette) throw missing(`embedding a text of ${text.length} characters with ${call.model}`, name)
    tokens += cassette.tokens
    const embedding = call.asBase64 ? cassette.vector : fromBase64(cassette.vector)
    data.push({ object: 'embedding', index, embedding })
  }
  return json({ object: 'list', data, model: call.model, usage: { prompt_tokens: tokens, total_tokens: tokens } })
}

function answerAboutJobs(jobs: ReadonlyMap<string, JobCassette>, request: Request): Response {
  const { pathname, searchParams } = new URL(request.url)
  const fetched = readFetch(request)
  if (fetched) {
    const cassette = jobs.get(fetched.jobId)
    if (!cassette) return json({ detail: 'Parse job not found' }, 404)
    const reply = cassette.fetched[fetched.parts] ?? Object.values(cassette.fetched)[0]
    if (reply === undefined) throw missing('fetching the result of a job of LlamaParse', cassette.jobId)
    return json(renamed(reply, cassette.jobId, fetched.jobId))
  }
  if (request.method === 'GET' && pathname.endsWith('/api/v2/parse')) {
    const ids = searchParams.getAll('job_ids').flatMap(ids => ids.split(','))
    const items = ids.flatMap(id => {
      const cassette = jobs.get(id)
      return cassette ? [{ ...(renamed(cassette.created, cassette.jobId, id) as object), status: 'COMPLETED' }] : []
    })
    return json({ items, next_page_token: null, total_size: items.length })
  }
  const ended = /\/api\/v2\/parse\/([\w.-]+)(\/cancel)?$/.exec(pathname)?.[1]
  if (ended !== undefined && jobs.has(ended)) return json({ id: ended, status: 'CANCELLED' })
  throw missing(`${request.method} ${pathname}`, 'it is no call that is recorded')
}

function missing(what: string, name: string): AppError {
  return new AppError('cassette_missing', `No cassette was recorded for ${what} (${name}).`)
}

function renamed(value: unknown, from: string, to: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(from), JSON.stringify(to)))
}

function fromBase64(vector: string): number[] {
  const bytes = Buffer.from(vector, 'base64')
  return [...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))]
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status })
}
