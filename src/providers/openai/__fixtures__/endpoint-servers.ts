import type { EndpointName } from '../endpoint-profiles.ts'
import { simulatedVector } from '../simulated-vector.ts'

/** What one server does with `POST …/embeddings`, as its documentation or source says (the sources stand in endpoint-profiles.ts). */
interface Rules {
  url: string
  /** The header that must hold the key; null: none is asked for. */
  key: { header: string; value: string } | null
  query?: string
  /** Every field that it knows; another one is refused, or ignored where `ignoresUnknown`. */
  fields: readonly string[]
  ignoresUnknown?: true
  maxInputs: number
  maxTokens?: number
  /** Whether the body asks for base64 in this server's words. */
  base64(body: Body): boolean
  size(body: Body): number
  usage(tokens: number): object
  refuse(status: number, message: string, field: string): object
}
interface Body {
  input: string[]
  model: string
  dimensions?: number
  output_dimension?: number
  encoding_format?: string
  embedding_type?: string
}

export const serverKey = 'key-of-the-test'
const bearer = { header: 'authorization', value: `Bearer ${serverKey}` }
const openAiFields = ['model', 'input', 'dimensions', 'encoding_format']
const inEncodingFormat = (body: Body) => body.encoding_format === 'base64'
const ofModel = () => 8
const nested = (_status: number, message: string, param: string) => ({
  error: { message, type: 'invalid_request_error', param, code: null },
})
const bothCounts = (tokens: number) => ({ usage: { prompt_tokens: tokens, total_tokens: tokens } })

export const serverRules: Readonly<Record<EndpointName, Rules>> = {
  openai: {
    url: 'https://api.openai.com/v1/embeddings',
    key: bearer,
    fields: openAiFields,
    maxInputs: 2048,
    base64: inEncodingFormat,
    size: body => Number(body.dimensions),
    usage: bothCounts,
    refuse: nested,
  },
  azure: {
    url: 'https://sluice.openai.azure.com/openai/deployments/small/embeddings',
    key: { header: 'api-key', value: serverKey },
    query: '?api-version=2024-10-21',
    fields: openAiFields,
    maxInputs: 2048,
    base64: inEncodingFormat,
    size: body => Number(body.dimensions),
    usage: bothCounts,
    refuse: (status, message) => ({ error: { code: String(status), message } }),
  },
  ollama: {
    url: 'http://127.0.0.1:11434/v1/embeddings',
    key: null,
    fields: ['model', 'input', 'dimensions', 'encoding_format'],
    ignoresUnknown: true,
    maxInputs: 1_000_000,
    base64: () => false,
    size: body => Number(body.dimensions ?? 8),
    usage: () => ({}),
    refuse: (_status, message) => ({ error: { message, type: 'api_error', param: null, code: null } }),
  },
  vllm: {
    url: 'http://127.0.0.1:8000/v1/embeddings',
    key: null,
    fields: ['model', 'input', 'encoding_format'],
    maxInputs: 1_000_000,
    base64: inEncodingFormat,
    size: ofModel,
    usage: tokens => ({ usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 } }),
    refuse: (status, message) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: status }),
  },
  tei: {
    url: 'http://127.0.0.1:8080/v1/embeddings',
    key: null,
    fields: ['model', 'input', 'user', 'encoding_format'],
    maxInputs: 32,
    base64: inEncodingFormat,
    size: ofModel,
    usage: bothCounts,
    refuse: (status, message) => ({ message, code: status, type: 'Validation' }),
  },
  cohere: {
    url: 'https://api.cohere.ai/compatibility/v1/embeddings',
    key: bearer,
    fields: ['model', 'input', 'encoding_format'],
    maxInputs: 96,
    base64: inEncodingFormat,
    size: ofModel,
    usage: bothCounts,
    refuse: (_status, message) => ({ id: '5f1c', message }),
  },
  voyage: {
    url: 'https://api.voyageai.com/v1/embeddings',
    key: bearer,
    fields: ['model', 'input', 'input_type', 'truncation', 'output_dimension', 'output_dtype', 'encoding_format'],
    maxInputs: 1000,
    maxTokens: 120_000,
    base64: inEncodingFormat,
    size: body => Number(body.output_dimension),
    usage: tokens => ({ usage: { total_tokens: tokens } }),
    refuse: (_status, message, field) => ({ detail: `${message}: ${field}` }),
  },
  jina: {
    url: 'https://api.jina.ai/v1/embeddings',
    key: bearer,
    fields: ['model', 'input', 'dimensions', 'embedding_type', 'task', 'truncate', 'normalized', 'late_chunking'],
    maxInputs: 512,
    base64: body => body.embedding_type === 'base64',
    size: body => Number(body.dimensions),
    usage: bothCounts,
    refuse: (_status, message, field) => ({
      detail: [{ type: 'extra_forbidden', loc: ['body', field], msg: message, input: 'what was sent' }],
    }),
  },
  mistral: {
    url: 'https://api.mistral.ai/v1/embeddings',
    key: bearer,
    fields: ['model', 'input', 'metadata', 'output_dimension', 'output_dtype', 'encoding_format'],
    maxInputs: 256,
    maxTokens: 16_384,
    base64: inEncodingFormat,
    size: ofModel,
    usage: bothCounts,
    refuse: (_status, message) => ({
      object: 'error',
      message,
      type: 'invalid_request_prompt',
      param: null,
      code: '3210',
    }),
  },
  custom: {
    url: 'http://10.0.0.7:1234/api/embeddings',
    key: bearer,
    fields: ['model', 'input'],
    maxInputs: 32,
    base64: () => false,
    size: ofModel,
    usage: () => ({ usage: null }),
    refuse: (_status, message) => ({ error: message }),
  },
}

/** The server of that name. It counts `tokensPerWord` tokens for every word and `extraTokens` for every text, and keeps what it was sent. */
export function createEndpointServer(name: EndpointName, { tokensPerWord = 1, extraTokens = 0 } = {}) {
  const rules = serverRules[name]
  const bodies: Body[] = []
  const urls: string[] = []
  async function answer(request: Request): Promise<Response> {
    const refuse = (status: number, message: string, field = 'input') =>
      Response.json(rules.refuse(status, message, field), { status })
    if (request.url !== rules.url + (rules.query ?? '')) return refuse(404, 'nothing is here')
    if (rules.key !== null && request.headers.get(rules.key.header) !== rules.key.value)
      return refuse(401, `the key ${request.headers.get(rules.key.header)} is not known`)
    if (rules.key?.header !== 'authorization' && request.headers.has('authorization'))
      return refuse(400, 'a second key was sent')
    const body = (await request.json()) as Body
    bodies.push(body)
    urls.push(request.url)
    const unknown = rules.ignoresUnknown ? undefined : Object.keys(body).find(field => !rules.fields.includes(field))
    if (unknown !== undefined) return refuse(422, `${unknown} in "${body.input[0]}" is not known`, unknown)
    const tokens = body.input.reduce((sum, text) => sum + text.split(' ').length * tokensPerWord + extraTokens, 0)
    if (body.input.length > rules.maxInputs) return refuse(400, 'too many inputs')
    if (tokens > (rules.maxTokens ?? Infinity)) return refuse(400, 'too many tokens')
    const data = body.input.map((text, index) => {
      const vector = simulatedVector(text, rules.size(body), body.model)
      const embedding = rules.base64(body) ? new Uint8Array(vector.buffer).toBase64() : [...vector]
      return { object: 'embedding', index, embedding }
    })
    return Response.json({ object: 'list', model: body.model, data, ...rules.usage(tokens) })
  }
  return { fetch: answer, bodies, urls }
}
