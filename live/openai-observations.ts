import type { Cloud, Observation } from './observations.ts'
import { scripts } from './openai-scripts.ts'

const model = 'text-embedding-3-small'
const text = 'the pump'

/** All of them together embed less than 1,500 tokens: $0.0001. Whatever is refused costs nothing. */
export const openAiObservations: readonly Observation[] = [
  {
    name: 'both models, as numbers and as base64, in sizes',
    settles: "the reply's fields, the default sizes, and that vectors have the norm 1",
    observe: async cloud => [
      await embed(cloud, { model, input: text }),
      await embed(cloud, { model, input: [text, 'the gate'], dimensions: 256, encoding_format: 'base64' }),
      await embed(cloud, { model: 'text-embedding-3-large', input: text, encoding_format: 'base64' }),
      await embed(cloud, { model: 'text-embedding-3-large', input: [text], dimensions: 1024 }),
    ],
  },
  {
    name: 'the tokens of fourteen texts in ten scripts, digits and code',
    settles: 'that our tokenizer counts what is billed',
    async observe(cloud) {
      const counts: Record<string, unknown> = {}
      for (const [name, input] of Object.entries(scripts)) counts[name] = usageOf(await ask(cloud, { model, input }))
      return counts
    },
  },
  {
    name: 'the headers of a reply',
    settles: 'their names and formats, from which limits are learnt',
    observe: async cloud => formatsOf((await ask(cloud, { model, input: text })).headers),
  },
  refusal('a key that is not one', { model, input: text }, { apiKey: 'sk-not-a-key-0123456789' }),
  refusal('a model that there is not', { model: 'text-embedding-9', input: text }),
  refusal('an empty text', { model, input: '' }),
  refusal('an empty text among others', { model, input: [text, ''] }),
  refusal('no text', { model, input: [] }),
  refusal('2,049 texts', { model, input: Array(2049).fill('a') }),
  refusal('a text of 8,193 tokens', { model, input: ' a'.repeat(8193) }),
  refusal('300,001 tokens and more in one request', { model, input: Array(37).fill(' a'.repeat(8192)) }),
  refusal('a size that the model cannot make', { model, input: text, dimensions: 1537 }),
  refusal('an encoding that there is not', { model, input: text, encoding_format: 'hex' }),
  refusal('a field that there is not', { model, input: text, nonsense: true }),
]

function refusal(name: string, body: object, other: Partial<Cloud> = {}): Observation {
  return {
    name,
    settles: 'the status and the words of a refusal, which costs nothing',
    async observe(cloud) {
      const { status, json } = await ask({ ...cloud, ...other }, body)
      // What is answered must not fill the report with vectors.
      return status < 400 ? { status } : { status, json }
    },
  }
}

async function embed(cloud: Cloud, body: { encoding_format?: string; [field: string]: unknown }): Promise<unknown> {
  const { status, json } = await ask(cloud, body)
  if (status !== 200) return { status, json }
  const reply = json as { data: { embedding: string | number[]; [field: string]: unknown }[]; [field: string]: unknown }
  return {
    ...reply,
    data: reply.data.map(({ embedding, ...item }) => {
      const numbers = typeof embedding === 'string' ? decode(embedding) : embedding
      return { ...item, kind: typeof embedding, size: numbers.length, norm: normOf(numbers) }
    }),
  }
}

function decode(base64: string): number[] {
  return [...new Float32Array(Uint8Array.fromBase64(base64).buffer)]
}

/** Rounded to three digits. */
function normOf(numbers: readonly number[]): number {
  return Math.round(Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0)) * 1000) / 1000
}

function usageOf({ status, json }: Answer): unknown {
  return status === 200 ? (json as { usage?: unknown }).usage : { status, json }
}

/** Headers of the service itself, not of what stands before it; values by their format, since they differ each time. */
function formatsOf(headers: Headers): Record<string, string> {
  const own = [...headers].filter(([name]) => /^(x-ratelimit-|x-request-id$|openai-|retry-after)/.test(name))
  return Object.fromEntries(own.map(([name, value]) => [name, formatOf(value)]))
}

function formatOf(value: string): string {
  if (/^\d+$/.test(value)) return 'whole number'
  if (/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(value)) return 'duration like 6m0s or 12ms'
  if (/^req_[0-9a-f]+$/.test(value)) return 'request id'
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'day' : 'text'
}

interface Answer {
  status: number
  headers: Headers
  json: unknown
}

async function ask({ baseUrl, apiKey }: Cloud, body: object): Promise<Answer> {
  const response = await fetch(`${baseUrl}/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  try {
    return { status: response.status, headers: response.headers, json: JSON.parse(text) }
  } catch {
    const json = `no JSON, ${response.headers.get('content-type')}`
    return { status: response.status, headers: response.headers, json }
  }
}
