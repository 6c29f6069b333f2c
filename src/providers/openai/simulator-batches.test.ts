import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hourMs, requestLine, setUpBatches } from './__fixtures__/simulated-batches.ts'

const minuteMs = 60_000
const numbered = (count: number) => Array.from({ length: count }, (_, i) => requestLine(`n-${i}`, `text ${i}`))

test('a batch goes through its states, with the moments, counts and usage of each', async () => {
  const { create, look, advance, startSeconds } = setUpBatches()
  const created = await create(numbered(3))
  assert.match(created.id, /^batch_[0-9a-f]{32}$/)
  assert.deepEqual(created.request_counts, { total: 0, completed: 0, failed: 0 })
  assert.equal(created.expires_at, startSeconds + 86_400)
  advance(minuteMs)
  const begun = await look(created)
  assert.deepEqual(
    [begun.status, begun.in_progress_at, begun.model],
    ['in_progress', startSeconds + 60, 'text-embedding-3-small'],
  )
  advance(20 * minuteMs)
  assert.deepEqual((await look(created)).request_counts, { total: 3, completed: 2, failed: 0 })
  advance(10 * minuteMs)
  const finalizing = await look(created)
  assert.deepEqual([finalizing.status, finalizing.output_file_id, finalizing.usage], ['finalizing', null, null])
  advance(minuteMs)
  const done = await look(created)
  const { output_file_id, usage } = done
  assert.deepEqual(done, {
    ...created,
    output_file_id,
    usage,
    status: 'completed',
    model: 'text-embedding-3-small',
    in_progress_at: startSeconds + 60,
    finalizing_at: startSeconds + 31 * 60,
    completed_at: startSeconds + 32 * 60,
    request_counts: { total: 3, completed: 3, failed: 0 },
  })
  assert.match(output_file_id ?? '', /^file-[0-9A-Za-z]{22}$/)
  assert.deepEqual([usage?.input_tokens, usage?.output_tokens, usage?.total_tokens], [6, 0, 6])
})

test('the output has a line for each request, in another order, as the endpoint would answer', async () => {
  const { create, look, advance, lines, openai } = setUpBatches()
  const created = await create(numbered(40))
  advance(10 * hourMs)
  const output = await lines((await look(created)).output_file_id)
  const ids = output.map(({ custom_id }) => custom_id)
  const asked = numbered(40).map(({ custom_id }) => custom_id)
  assert.notDeepEqual(ids, asked)
  assert.deepEqual(ids.toSorted(), asked.toSorted())
  const { id, custom_id, response, error } = output[0]
  assert.match(id, /^batch_req_[0-9a-f]{32}$/)
  assert.deepEqual([response.status_code, error], [200, null])
  const input = `text ${custom_id.slice(2)}`
  const direct = await openai.embeddings.create({
    model: 'text-embedding-3-small',
    input,
    dimensions: 4,
    encoding_format: 'float',
  })
  assert.deepEqual(response.body, direct)
})

test('a request that the endpoint refuses is a line of the error file, and costs nothing', async () => {
  const { create, look, advance, lines, simulator } = setUpBatches()
  const created = await create([
    requestLine('good', 'two words'),
    requestLine('empty', ''),
    requestLine('big', 'x', { dimensions: 9999 }),
  ])
  advance(hourMs)
  const { status, request_counts, error_file_id, output_file_id } = await look(created)
  assert.deepEqual([status, request_counts], ['completed', { total: 3, completed: 1, failed: 2 }])
  const refused = await lines(error_file_id)
  assert.deepEqual(refused.map(({ custom_id, response, error }) => [custom_id, response.status_code, error]).sort(), [
    ['big', 400, null],
    ['empty', 400, null],
  ])
  assert.match(
    refused.find(({ custom_id }) => custom_id === 'empty').response.body.error.message,
    /'\$\.input' is invalid/,
  )
  assert.equal((await lines(output_file_id)).length, 1)
  assert.deepEqual(simulator.counters(), { requests: 0, inputs: 1, tokens: 2, chargedNanoUsd: 20n })
})

test('a batch without a single answer has no output file', async () => {
  const { create, look, advance } = setUpBatches()
  const created = await create([requestLine('empty', '')])
  advance(hourMs)
  const { status, output_file_id, error_file_id } = await look(created)
  assert.deepEqual([status, output_file_id, typeof error_file_id], ['completed', null, 'string'])
})

test('tokens in batches cost half, and the reports show it at the time of the work', async () => {
  const { create, look, advance, simulator, openai, startSeconds } = setUpBatches()
  const created = await create(numbered(10))
  await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'at once' })
  advance(26 * hourMs)
  const { organization } = openai.admin
  const { data } = await organization.usage.costs({ start_time: startSeconds, group_by: ['line_item'] })
  assert.deepEqual(
    data
      .flatMap(({ results }) => results)
      .map(result => 'line_item' in result && [result.line_item, result.amount?.value, result.quantity]),
    [
      ['text-embedding-3-small, input', 40e-9, 2],
      ['text-embedding-3-small batch, input', 200e-9, 20],
    ],
  )
  const usage = await organization.usage.embeddings({ start_time: startSeconds, group_by: ['model'], limit: 1 })
  assert.deepEqual(JSON.parse(JSON.stringify(usage.data[0]?.results[0])).num_model_requests, 11)
  assert.equal((await look(created)).status, 'completed')
  assert.deepEqual(simulator.counters(), { requests: 1, inputs: 11, tokens: 22, chargedNanoUsd: 240n })
})

test('after 24 hours what is finished is returned and charged, and the rest says that it expired', async () => {
  const { create, look, advance, lines, simulator, startSeconds } = setUpBatches()
  const created = await create(numbered(200))
  advance(24 * hourMs - 1)
  assert.equal((await look(created)).status, 'in_progress')
  advance(1)
  const batch = await look(created)
  assert.deepEqual([batch.status, batch.expired_at, batch.completed_at], ['expired', startSeconds + 86_400, null])
  assert.deepEqual(batch.request_counts, { total: 200, completed: 143, failed: 57 })
  assert.equal((await lines(batch.output_file_id)).length, 143)
  const cutOff = await lines(batch.error_file_id)
  assert.equal(cutOff.length, 57)
  assert.deepEqual([cutOff[0].response, cutOff[0].error.code], [null, 'batch_expired'])
  assert.equal(simulator.counters().inputs, 143)
})

test('a cancelled batch returns, and charges, what was finished by then', async () => {
  const { create, look, advance, lines, openai, simulator } = setUpBatches()
  const created = await create(numbered(6))
  advance(25 * minuteMs)
  const cancelling = await openai.batches.cancel(created.id)
  assert.deepEqual([cancelling.status, cancelling.output_file_id], ['cancelling', null])
  advance(9 * minuteMs)
  assert.equal((await look(created)).status, 'cancelling')
  advance(minuteMs)
  const batch = await look(created)
  assert.deepEqual([batch.status, batch.request_counts], ['cancelled', { total: 6, completed: 2, failed: 4 }])
  assert.equal((await lines(batch.output_file_id)).length, 2)
  assert.equal((await lines(batch.error_file_id))[0].error.code, 'batch_cancelled')
  assert.equal(simulator.counters().inputs, 2)
  assert.equal((await openai.batches.cancel(created.id)).status, 'cancelled')
})

test('one that is over cannot be cancelled; one that was not validated leaves nothing', async () => {
  const { create, look, advance, openai } = setUpBatches()
  const [done, early] = [await create(numbered(1)), await create(numbered(1))]
  await openai.batches.cancel(early.id)
  advance(hourMs)
  await assert.rejects(openai.batches.cancel(done.id), /409 Cannot cancel a batch with status 'completed'\./)
  const { status, output_file_id, error_file_id } = await look(early)
  assert.deepEqual([status, output_file_id, error_file_id], ['cancelled', null, null])
})

test('more waiting tokens of one model than allowed fail the later batch, until there is room', async () => {
  const { create, look, advance } = setUpBatches({ maxEnqueuedTokens: 5000 })
  const words = (count: number) => Array(count).fill('x').join(' ')
  const large = { model: 'text-embedding-3-large' }
  const first = await create([requestLine('a', words(3000))])
  const second = await create([requestLine('a', words(2001))])
  const other = await create([requestLine('a', words(5000), large)])
  advance(minuteMs)
  const failed = await look(second)
  assert.deepEqual(
    [failed.status, (await look(first)).status, (await look(other)).status],
    ['failed', 'in_progress', 'in_progress'],
  )
  const message =
    'Enqueued token limit reached for text-embedding-3-small in organization org-simulated. Limit: 5,000 enqueued tokens. Please try again once some in_progress batches have been completed.'
  assert.deepEqual(failed.errors, {
    object: 'list',
    data: [{ code: 'token_limit_exceeded', line: null, message, param: null }],
  })
  advance(hourMs)
  const again = await create([requestLine('a', words(2001))])
  advance(hourMs)
  assert.equal((await look(again)).status, 'completed')
})

test('files expire: the input after 30 days, results when the caller said so', async () => {
  const { upload, openai, advance, look, startSeconds } = setUpBatches()
  const input_file_id = await upload(JSON.stringify(requestLine('a', 'x')))
  const created = await openai.batches.create({
    input_file_id,
    endpoint: '/v1/embeddings',
    completion_window: '24h',
    output_expires_after: { anchor: 'created_at', seconds: 3600 },
  })
  advance(30 * minuteMs)
  const { output_file_id = '' } = await look(created)
  assert.equal((await openai.files.retrieve(input_file_id)).expires_at, startSeconds + 30 * 86_400)
  const { purpose, filename } = await openai.files.retrieve(output_file_id)
  assert.deepEqual([purpose, filename], ['batch_output', `${created.id}_output.jsonl`])
  advance(hourMs)
  await assert.rejects(openai.files.content(output_file_id), { status: 404 })
  advance(30 * 24 * hourMs)
  await assert.rejects(openai.files.retrieve(input_file_id), { status: 404 })
})
