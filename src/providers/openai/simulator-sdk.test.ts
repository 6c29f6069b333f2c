import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import OpenAI, { toFile } from 'openai'
import { serveHandler } from '../../../test/harness/serve-handler.ts'
import { listPrice } from './__fixtures__/list-price.ts'
import { simulatedVector } from './simulated-vector.ts'
import { createOpenAiSimulator } from './simulator.ts'

const model = 'text-embedding-3-small'
const texts = ['The pump stopped at noon.', 'A pump stops.', 'Bread rises over night.']

/** The official SDK as its documentation uses it, with nothing of ours in front of it. */
for (const transport of ['over a socket', 'in-process'] as const)
  describe(`the official SDK ${transport}`, () => {
    let nowMs = Date.parse('2026-11-20T08:00:00Z')
    const simulator = createOpenAiSimulator({
      countTokens: text => text.split(' ').length,
      price: listPrice,
      nowMs: () => nowMs,
      now: () => new Date(nowMs),
      apiKey: 'sk-right',
    })
    let openai: OpenAI
    let close = async () => {}
    before(async () => {
      const options = { apiKey: 'sk-right', maxRetries: 0, logLevel: 'off' } as const
      if (transport === 'in-process') {
        openai = new OpenAI({ ...options, fetch: (url, init) => simulator.fetch(new Request(url, init)) })
        return
      }
      const server = await serveHandler(simulator.fetch)
      close = server.close
      openai = new OpenAI({ ...options, baseURL: `${server.url}/v1` })
    })
    after(() => close())

    test('embeds texts, in a smaller size, and with the raw response', async () => {
      const { data, usage } = await openai.embeddings.create({ model, input: texts })
      assert.deepEqual(
        data.map(({ index, embedding }) => [index, embedding.length]),
        [
          [0, 1536],
          [1, 1536],
          [2, 1536],
        ],
      )
      assert.deepEqual(usage, { prompt_tokens: 12, total_tokens: 12 })
      const small = await openai.embeddings.create({ model, input: 'leak', dimensions: 256, user: 'user-1' })
      assert.deepEqual(small.data[0]?.embedding.map(Math.fround), Array.from(simulatedVector('leak', 256, model)))
      const { response, request_id } = await openai.embeddings.create({ model, input: 'leak' }).withResponse()
      assert.match(request_id ?? '', /^req_[0-9a-f]{32}$/)
      assert.equal(response.headers.get('x-ratelimit-limit-requests'), '1000000')
    })

    test('uploads a file, creates a batch, polls it, and reads its output', async () => {
      const line = (input: string, i: number) => ({
        custom_id: `text-${i}`,
        method: 'POST',
        url: '/v1/embeddings',
        body: { model, input, dimensions: 8 },
      })
      const jsonl = texts.map((text, i) => JSON.stringify(line(text, i))).join('\n')
      const file = await openai.files.create({ file: await toFile(Buffer.from(jsonl), 'in.jsonl'), purpose: 'batch' })
      assert.equal((await openai.files.waitForProcessing(file.id)).status, 'processed')
      const created = await openai.batches.create({
        input_file_id: file.id,
        endpoint: '/v1/embeddings',
        completion_window: '24h',
        metadata: { night: 'first' },
      })
      const seen = [created.status]
      for (;;) {
        const batch = await openai.batches.retrieve(created.id)
        if (seen.at(-1) !== batch.status) seen.push(batch.status)
        if (batch.status === 'completed') break
        nowMs += 50
      }
      assert.deepEqual(seen, ['validating', 'in_progress', 'finalizing', 'completed'])
      const done = await openai.batches.retrieve(created.id)
      assert.deepEqual(
        [done.request_counts, done.metadata],
        [{ total: 3, completed: 3, failed: 0 }, { night: 'first' }],
      )
      const output = await (await openai.files.content(done.output_file_id ?? '')).text()
      const vectors = output
        .trimEnd()
        .split('\n')
        .map(text => JSON.parse(text))
        .sort((a, b) => (a.custom_id < b.custom_id ? -1 : 1))
        .map(({ custom_id, response }) => [custom_id, response.body.data[0].embedding.map(Math.fround)])
      const expected = texts.map((text, i) => [`text-${i}`, Array.from(simulatedVector(text, 8, model))])
      assert.deepEqual(vectors, expected)
    })

    test('lists files and batches page by page, and deletes a file', async () => {
      const ids = async (list: AsyncIterable<{ id: string }>) => {
        const found: string[] = []
        for await (const { id } of list) found.push(id)
        return found
      }
      const made: string[] = []
      for (let i = 0; i < 5; i++) {
        const file = await openai.files.create({ file: new File(['{}'], `${i}.jsonl`), purpose: 'batch' })
        made.push(file.id)
        await openai.batches.create({ input_file_id: file.id, endpoint: '/v1/embeddings', completion_window: '24h' })
      }
      const files = await ids(openai.files.list({ limit: 2, order: 'asc', purpose: 'batch' }))
      assert.deepEqual(files.slice(-5), made)
      assert.deepEqual(await ids(openai.files.list({ purpose: 'batch' })), files.toReversed())
      assert.equal(new Set(await ids(openai.batches.list({ limit: 2 }))).size, 6)
      const [first = ''] = made
      assert.deepEqual(await openai.files.delete(first), { object: 'file', id: first, deleted: true })
      await assert.rejects(openai.files.retrieve(first), OpenAI.NotFoundError)
    })

    test('throws its own errors', async () => {
      const wrongKey = openai.withOptions({ apiKey: 'sk-wrong-0123456789' })
      await assert.rejects(wrongKey.embeddings.create({ model, input: 'x' }), (error: unknown) => {
        assert.ok(error instanceof OpenAI.AuthenticationError)
        return error.code === 'invalid_api_key'
      })
      await assert.rejects(wrongKey.files.list(), OpenAI.AuthenticationError)
      await assert.rejects(openai.embeddings.create({ model: 'text-embedding-9', input: 'x' }), OpenAI.NotFoundError)
      await assert.rejects(openai.embeddings.create({ model, input: '' }), OpenAI.BadRequestError)
      await assert.rejects(openai.batches.retrieve('batch_none'), /404 No batch found with id 'batch_none'/)
      await assert.rejects(openai.files.content('file-none'), /404 No such File object: file-none/)
      simulator.inject({ kind: 'rate_limited', retryAfterMs: 10 }, { kind: 'server_error', status: 503 })
      await assert.rejects(openai.embeddings.create({ model, input: 'x' }), OpenAI.RateLimitError)
      await assert.rejects(openai.batches.list(), OpenAI.InternalServerError)
      simulator.inject({ kind: 'connection_lost', billed: false })
      await assert.rejects(openai.files.list(), OpenAI.APIConnectionError)
    })

    test('retries by itself where it is allowed to', async () => {
      simulator.inject(
        { kind: 'rate_limited', retryAfterMs: 1 },
        { kind: 'server_error', status: 500, retryAfterMs: 1 },
      )
      const { data } = await openai.withOptions({ maxRetries: 2 }).embeddings.create({ model, input: 'x' })
      assert.equal(data.length, 1)
    })
  })
