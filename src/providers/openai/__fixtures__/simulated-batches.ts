import OpenAI from 'openai'
import type { Batch } from 'openai/resources/batches'
import { createOpenAiSimulator } from '../simulator.ts'
import type { OpenAiSimulatorOptions } from '../simulator-options.ts'
import { listPrice } from './list-price.ts'

const model = 'text-embedding-3-small'
export const hourMs = 3_600_000

/** A line of a batch's file; `body` replaces or adds fields of the request. */
export function requestLine(customId: string, input: unknown, body: object = {}): Record<string, unknown> {
  return { custom_id: customId, method: 'POST', url: '/v1/embeddings', body: { model, input, dimensions: 4, ...body } }
}

/** A simulator on a clock that stands still until it is advanced, in which validation takes a minute and a request ten. */
export function setUpBatches(options: Partial<OpenAiSimulatorOptions> = {}) {
  const startMs = Date.parse('2026-11-20T08:00:00Z')
  let nowMs = startMs
  const simulator = createOpenAiSimulator({
    countTokens: text => text.split(' ').length,
    price: listPrice,
    nowMs: () => nowMs,
    now: () => new Date(nowMs),
    batchTiming: {
      validatingMs: 60_000,
      startMs: 0,
      msPerRequest: 600_000,
      finalizingMs: 60_000,
      cancellingMs: 600_000,
    },
    ...options,
  })
  const openai = new OpenAI({
    apiKey: 'sk-any',
    adminAPIKey: 'sk-admin-any',
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
  })
  const upload = async (content: string) =>
    (await openai.files.create({ file: new File([content], 'in.jsonl'), purpose: 'batch' })).id
  const create = async (lines: readonly (object | string)[]) => {
    const content = lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    const input_file_id = await upload(content)
    return await openai.batches.create({ input_file_id, endpoint: '/v1/embeddings', completion_window: '24h' })
  }
  const read = async (fileId: string | undefined) => (fileId ? await (await openai.files.content(fileId)).text() : '')
  return {
    simulator,
    openai,
    upload,
    create,
    read,
    startSeconds: startMs / 1000,
    advance: (ms: number) => {
      nowMs += ms
    },
    look: ({ id }: Batch) => openai.batches.retrieve(id),
    /** The lines of a file of results. */
    lines: async (fileId: string | undefined) =>
      (await read(fileId))
        .split('\n')
        .filter(text => text !== '')
        .map(text => JSON.parse(text)),
  }
}
