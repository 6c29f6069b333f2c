import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestLine, setUpBatches } from './__fixtures__/simulated-batches.ts'

type BadLine = [name: string, line: object | string, code: string, param: string | null, message: RegExp]

const good = requestLine('good', 'x')
const without = (name: string) => ({ ...requestLine('odd', 'x'), [name]: undefined })
const badLines: BadLine[] = [
  ['no JSON', '{invalid json here', 'invalid_json_line', null, /^This line is not parseable as valid JSON\.$/],
  ['an empty line', '', 'invalid_json_line', null, /not parseable/],
  ['a list', '[]', 'invalid_json_line', null, /not parseable/],
  [
    'no custom_id',
    without('custom_id'),
    'missing_required_parameter',
    'custom_id',
    /^Missing required parameter: 'custom_id'\.$/,
  ],
  ['no method', without('method'), 'missing_required_parameter', 'method', /'method'/],
  ['no url', without('url'), 'missing_required_parameter', 'url', /'url'/],
  ['no body', without('body'), 'missing_required_parameter', 'body', /'body'/],
  ['a custom_id twice', requestLine('good', 'y'), 'duplicate_custom_id', 'custom_id', /'good'/],
  ['another method', { ...good, custom_id: 'b', method: 'GET' }, 'invalid_method', 'method', /'POST'/],
  [
    'another endpoint',
    { ...good, custom_id: 'b', url: '/v1/completions' },
    'invalid_url',
    'url',
    /does not match the batch endpoint/,
  ],
  [
    'no model',
    requestLine('b', 'x', { model: undefined }),
    'invalid_request',
    'body.model',
    /^Model parameter is required\.$/,
  ],
  [
    'another model',
    requestLine('b', 'x', { model: 'text-embedding-3-large' }),
    'model_mismatch',
    'body.model',
    /one model/,
  ],
]
for (const [name, line, code, param, message] of badLines)
  test(`a file with ${name} in its second line fails the batch, and the error names the line`, async () => {
    const { create, look, advance, startSeconds } = setUpBatches()
    const created = await create([good, line, requestLine('last', 'x')])
    assert.equal(created.status, 'validating')
    advance(60_000)
    const { status, errors, failed_at, output_file_id } = await look(created)
    assert.deepEqual([status, failed_at, output_file_id], ['failed', startSeconds + 60, null])
    assert.deepEqual(
      errors?.data?.map(error => [error.code, error.line, error.param]),
      [[code, 2, param]],
    )
    assert.match(errors?.data?.[0]?.message ?? '', message)
  })

test('each bad line has its error', async () => {
  const { create, look, advance } = setUpBatches()
  const created = await create([requestLine('a', 'x', { model: 'text-embedding-9' }), '{', without('url')])
  advance(60_000)
  const { errors } = await look(created)
  assert.deepEqual(
    errors?.data?.map(({ code, line }) => [code, line]),
    [
      ['model_not_found', 1],
      ['invalid_json_line', 2],
      ['missing_required_parameter', 3],
    ],
  )
})

test('50,000 inputs over all lines pass, and one more fails the batch; so do 50,001 lines', async () => {
  const { create, look, advance } = setUpBatches({ countTokens: () => 1 })
  const full = (more: number) =>
    Array.from({ length: 25 }, (_, i) => requestLine(`l-${i}`, Array(2000 + (i === 0 ? more : 0)).fill('x')))
  const [passes, fails] = [await create(full(0)), await create(full(1))]
  const lines = await create(Array.from({ length: 50_001 }, (_, i) => `{"custom_id":"${i}"}`))
  advance(60_000)
  assert.equal((await look(passes)).status, 'in_progress')
  assert.deepEqual(
    (await look(fails)).errors?.data?.map(({ code }) => code),
    ['too_many_tasks'],
  )
  assert.deepEqual(
    (await look(lines)).errors?.data?.map(({ code }) => code),
    ['too_many_tasks'],
  )
})

test('a file that is not there, or is no input, fails the batch', async () => {
  const { openai, look, advance, create } = setUpBatches()
  const first = await create([good])
  advance(3_600_000)
  const { output_file_id = '' } = await look(first)
  for (const input_file_id of ['file-none', output_file_id]) {
    const created = await openai.batches.create({ input_file_id, endpoint: '/v1/embeddings', completion_window: '24h' })
    advance(60_000)
    const { status, errors } = await look(created)
    assert.deepEqual(
      [status, errors?.data?.[0]?.code, errors?.data?.[0]?.param],
      ['failed', 'invalid_request', 'file_id'],
    )
    assert.match(errors?.data?.[0]?.message ?? '', /^Cannot find file file-.* does not have access to it\.$/)
  }
})

const wish = { input_file_id: 'file-a', endpoint: '/v1/embeddings', completion_window: '24h' }
const manyPairs = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v']))
const badWishes: [name: string, body: object | string, param: string | null, code: string | null][] = [
  ['no JSON', '{', null, null],
  ['no file', { ...wish, input_file_id: undefined }, 'input_file_id', 'missing_required_parameter'],
  ['no endpoint', { ...wish, endpoint: undefined }, 'endpoint', 'missing_required_parameter'],
  ['another endpoint', { ...wish, endpoint: '/v1/invalid' }, 'endpoint', 'invalid_value'],
  ['another window', { ...wish, completion_window: '48h' }, 'completion_window', 'invalid_value'],
  ['metadata of lists', { ...wish, metadata: { tags: ['a'] } }, 'metadata.tags', 'invalid_type'],
  ['17 pairs of metadata', { ...wish, metadata: manyPairs }, 'metadata', null],
  ['a long value in metadata', { ...wish, metadata: { k: 'v'.repeat(513) } }, 'metadata.k', null],
  [
    'an expiry of a minute',
    { ...wish, output_expires_after: { anchor: 'created_at', seconds: 60 } },
    'output_expires_after.seconds',
    null,
  ],
  ['a field that there is not', { ...wish, priority: 1 }, null, null],
]
for (const [name, body, param, code] of badWishes)
  test(`a batch with ${name} is refused at once`, async () => {
    const { simulator } = setUpBatches()
    const init = { method: 'POST', headers: { authorization: 'Bearer sk-any' } }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await simulator.fetch(new Request('https://api.openai.com/v1/batches', { ...init, body: text }))
    assert.equal(response.status, 400)
    const { error } = (await response.json()) as { error: Record<string, unknown> }
    assert.deepEqual([error.type, error.param, error.code], ['invalid_request_error', param, code])
  })

const form = (fields: Record<string, string | File>) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  return data
}
const file = new File(['{"a":1}\n{'], 'in.jsonl')
const badUploads: [name: string, body: FormData | string, message: RegExp][] = [
  ['no form', '{}', /'file'/],
  ['no file', form({ purpose: 'batch' }), /'file'/],
  ['no purpose', form({ file }), /'purpose'/],
  ['an unknown purpose', form({ file, purpose: 'fun' }), /Invalid value: 'fun'/],
  [
    'another ending',
    form({ file: new File(['{}'], 'in.txt'), purpose: 'batch' }),
    /^Invalid file format for Batch API\. Must be \.jsonl$/,
  ],
  ['nothing in it', form({ file: new File([''], 'in.jsonl'), purpose: 'batch' }), /Invalid file format/],
  ['no JSON in its first line', form({ file: new File(['{a'], 'in.jsonl'), purpose: 'batch' }), /Invalid file format/],
  [
    'an expiry of 31 days',
    form({ file, purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '2678400' }),
    /expires_after\.seconds/,
  ],
]
for (const [name, body, message] of badUploads)
  test(`an upload with ${name} is refused`, async () => {
    const { simulator } = setUpBatches()
    const init = { method: 'POST', headers: { authorization: 'Bearer sk-any' }, body }
    const response = await simulator.fetch(new Request('https://api.openai.com/v1/files', init))
    const { error } = (await response.json()) as { error: { message: string } }
    assert.equal(response.status, 400)
    assert.match(error.message, message)
  })

test('200 MB is the most for a file of requests', async () => {
  const { openai } = setUpBatches()
  const limit = 200 * 1024 * 1024
  const file = new File(['{}\n', new Uint8Array(limit - 2)], 'in.jsonl')
  const message = /413 File is too large\. Maximum file size is 209715200 bytes, but got 209715201 bytes\./
  await assert.rejects(openai.files.create({ file, purpose: 'batch' }), message)
})
