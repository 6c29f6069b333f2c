import { buildPdf } from '../src/providers/local/__fixtures__/build-pdf.ts'

/** A LlamaCloud, asked without any client of ours in between. */
export interface Cloud {
  baseUrl: string
  apiKey: string
  nonce: string
}

/** What one look at LlamaCloud shows; the same look at the simulator should show the same. `settles` names the guess behind it. */
export interface Observation {
  name: string
  settles: string
  observe(cloud: Cloud): Promise<unknown>
}

/** Those that make a job use the cheapest tier, one page each: a credit. */
export const observations: readonly Observation[] = [
  {
    name: 'a job that is not there',
    settles: 'the words of a 404, by which a lost job is told from a wrong address',
    observe: async cloud => await look(cloud, 'GET', '/api/v2/parse/pjb-00000000-0000-0000-0000-000000000000'),
  },
  {
    name: 'a key that is not one',
    settles: 'status and shape of a refused key',
    observe: async cloud => await look({ ...cloud, apiKey: 'llx-not-a-key' }, 'GET', '/api/v2/parse?page_size=1'),
  },
  {
    name: 'an upload under a configuration that cannot be',
    settles: 'a 400 with one text',
    observe: async cloud => await upload(cloud, { tier: 'best', version: 'latest' }, 'x'),
  },
  {
    name: 'a create that names nothing to parse',
    settles: 'a 422 with a list of fields',
    observe: async cloud => await look(cloud, 'POST', '/api/v2/parse', { tier: 'fast', version: 'latest' }),
  },
  {
    name: 'the versions of the tiers',
    settles: 'the shape of the list of versions',
    observe: async cloud => await look(cloud, 'GET', '/api/v2/parse/versions'),
  },
  {
    name: 'a job of three pages, of which max_pages allows one',
    settles: 'that max_pages bounds pages and charge, that tags come back in lists, and when the charge is told',
    observe: observeJob,
  },
]

async function observeJob(cloud: Cloud): Promise<unknown> {
  const tag = `observed-${cloud.nonce}`
  const configuration = {
    tier: 'fast',
    version: 'latest',
    page_ranges: { max_pages: 1 },
    user_metadata: { sluice_call_id: tag },
  }
  const created = await upload(cloud, configuration, cloud.nonce)
  const id = (created.body as { id?: string } | null)?.id ?? ''
  const path = `/api/v2/parse/${id}`
  const status = await untilEnded(cloud, path)
  const listed = await ask(cloud, 'GET', `/api/v2/parse?job_ids=${id}`)
  const [item] = (listed.body as { items?: { user_metadata?: Record<string, string> }[] } | null)?.items ?? []
  const markdown = await look(cloud, 'GET', `${path}?expand=markdown`)
  const credits = await untilBilled(cloud, path)
  const text = await ask(cloud, 'GET', `${path}?expand=text&expand=job_metadata`)
  const cancelled = await look(cloud, 'POST', `${path}/cancel`)
  const removed = await look(cloud, 'DELETE', path)
  return {
    created: shapeOf(created),
    status,
    taggedInList: item?.user_metadata?.sluice_call_id === tag,
    markdown,
    credits,
    pages: ((text.body as { text?: { pages?: unknown[] } } | null)?.text?.pages ?? []).length,
    result: shapeOf(text),
    cancelled,
    removed,
    afterwards: await look(cloud, 'GET', path),
  }
}

const patienceMs = 300_000

async function untilEnded(cloud: Cloud, path: string): Promise<string> {
  const endAt = Date.now() + patienceMs
  for (let waitMs = 200; Date.now() < endAt; waitMs = Math.min(5_000, waitMs * 1.5)) {
    const { body } = await ask(cloud, 'GET', path)
    const status = (body as { job?: { status?: string } } | null)?.job?.status ?? 'unknown'
    if (!['PENDING', 'RUNNING'].includes(status)) return status
    await new Promise(resolve => setTimeout(resolve, waitMs))
  }
  return `not within ${patienceMs} ms`
}

async function untilBilled(cloud: Cloud, path: string): Promise<number | string> {
  const endAt = Date.now() + patienceMs
  for (let waitMs = 200; Date.now() < endAt; waitMs = Math.min(10_000, waitMs * 1.5)) {
    const { body } = await ask(cloud, 'GET', `${path}?expand=usage`)
    const credits = (body as { job?: { usage?: { credits?: number | null } | null } } | null)?.job?.usage?.credits
    if (typeof credits === 'number') return credits
    await new Promise(resolve => setTimeout(resolve, waitMs))
  }
  return `not told within ${patienceMs} ms`
}

interface Answer {
  status: number
  body: unknown
}

async function upload(cloud: Cloud, configuration: object, nonce: string): Promise<Answer> {
  const form = new FormData()
  const pdf = buildPdf([[`first ${nonce}`], [`second ${nonce}`], [`third ${nonce}`]])
  form.append('configuration', JSON.stringify(configuration))
  form.append('file', new Blob([new Uint8Array(pdf)]), 'observed.pdf')
  return await ask(cloud, 'POST', '/api/v2/parse/upload', form)
}

async function look(cloud: Cloud, method: string, path: string, body?: object): Promise<unknown> {
  return shapeOf(await ask(cloud, method, path, body && JSON.stringify(body)))
}

async function ask(cloud: Cloud, method: string, path: string, body?: string | FormData): Promise<Answer> {
  const response = await fetch(new URL(path, cloud.baseUrl), {
    method,
    headers: {
      authorization: `Bearer ${cloud.apiKey}`,
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch {
    return { status: response.status, body: `no JSON, ${response.headers.get('content-type')}` }
  }
}

/** Status, and the paths of all fields with their types; of errors their words too, for they hold nothing of a document. */
function shapeOf({ status, body }: Answer): unknown {
  return { status, ...(status >= 400 ? { body } : { fields: fieldsOf(body, '') }) }
}

function fieldsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${path}[]: empty`] : fieldsOf(value[0], `${path}[]`)
  if (value === null || typeof value !== 'object') return [`${path}: ${value === null ? 'null' : typeof value}`]
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`))
}
