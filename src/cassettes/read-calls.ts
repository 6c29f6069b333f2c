import { hash } from 'node:crypto'
import { z } from 'zod'

const embeddingsBodySchema = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
  dimensions: z.int().optional(),
  encoding_format: z.string().optional(),
})

/** One request for embeddings. */
export interface EmbeddingsCall {
  model: string
  dimensions: number | null
  texts: string[]
  asBase64: boolean
}

/** What a request asks to be embedded; null when it is none for embeddings, or of a shape that is not known. */
export async function readEmbeddingsCall(request: Request): Promise<EmbeddingsCall | null> {
  if (request.method !== 'POST' || !new URL(request.url).pathname.endsWith('/embeddings')) return null
  const read = embeddingsBodySchema.safeParse(await request.clone().json())
  if (!read.success) return null
  const { model, input, dimensions = null, encoding_format } = read.data
  return { model, dimensions, texts: [input].flat(), asBase64: encoding_format === 'base64' }
}

/** The name of a text's cassette: requests are put together anew each time, so each text has its own. */
export function nameVector({ model, dimensions }: Pick<EmbeddingsCall, 'model' | 'dimensions'>, text: string): string {
  return `embedding-${digest([model, dimensions, text])}`
}

/** What the same job may have differently each time: who asked, how it is announced, and how long it may take. */
const passing = ['user_metadata', 'client_name', 'webhook_configurations', 'webhook_configuration_ids']

/** The name of the cassette of a job that is handed over, by the file's bytes and what is asked for; null for another request. */
export async function readUpload(request: Request): Promise<{ name: string; tier: string } | null> {
  if (request.method !== 'POST' || !new URL(request.url).pathname.endsWith('/api/v2/parse/upload')) return null
  const form = await request.clone().formData()
  const file = form.get('file')
  const configuration: unknown = JSON.parse(String(form.get('configuration') ?? '{}'))
  if (!(file instanceof File) || typeof configuration !== 'object' || configuration === null) return null
  const { processing_control: _, ...asked } = configuration as Record<string, unknown>
  for (const field of passing) delete asked[field]
  const bytes = hash('sha256', new Uint8Array(await file.arrayBuffer()))
  return { name: `parse-${digest([bytes, sorted(asked)])}`, tier: String(asked.tier ?? '') }
}

/** Which job is fetched, and what is asked for beside it; null for another request. */
export function readFetch(request: Request): { jobId: string; parts: string } | null {
  const { pathname, searchParams } = new URL(request.url)
  const jobId = /\/api\/v2\/parse\/([\w.-]+)$/.exec(pathname)?.[1]
  if (request.method !== 'GET' || jobId === undefined || jobId === 'versions') return null
  const parts = searchParams.getAll('expand').flatMap(part => part.split(','))
  return { jobId, parts: parts.toSorted().join(',') }
}

function digest(parts: unknown): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 40)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
