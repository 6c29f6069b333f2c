import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hourMs, requestLine, setUpBatches } from './__fixtures__/simulated-batches.ts'

const numbered = Array.from({ length: 10 }, (_, i) => requestLine(`n-${i}`, `text ${i}`))

test('a batch that is to fail fails, whatever is in it, and costs nothing', async () => {
  const { simulator, create, look, advance } = setUpBatches()
  simulator.inject({ kind: 'batch_fails', code: 'internal_error' })
  const created = await create(numbered)
  advance(hourMs)
  const { status, errors } = await look(created)
  assert.deepEqual([status, errors?.data?.[0]?.code], ['failed', 'internal_error'])
  assert.equal(simulator.counters().chargedNanoUsd, 0n)
})

test('a batch that is to expire has done its share by then', async () => {
  const { simulator, create, look, advance, lines } = setUpBatches()
  simulator.inject({ kind: 'batch_expires', finishedShare: 0.3 })
  const created = await create(numbered)
  advance(23 * hourMs)
  assert.deepEqual((await look(created)).request_counts, { total: 10, completed: 3, failed: 0 })
  advance(hourMs)
  const batch = await look(created)
  assert.equal(batch.status, 'expired')
  assert.deepEqual([(await lines(batch.output_file_id)).length, (await lines(batch.error_file_id)).length], [3, 7])
  assert.equal(simulator.counters().inputs, 3)
})

for (const status of ['validating', 'in_progress', 'finalizing'] as const)
  test(`a batch that hangs in ${status} stays there`, async () => {
    const { simulator, create, look, advance } = setUpBatches()
    simulator.inject({ kind: 'batch_hangs', status })
    const created = await create(numbered)
    advance(1000 * hourMs)
    assert.equal((await look(created)).status, status)
  })

test('one that hangs at work can be cancelled, and one can hang in that', async () => {
  const { simulator, openai, create, look, advance } = setUpBatches()
  simulator.inject({ kind: 'batch_hangs', status: 'in_progress' }, { kind: 'batch_hangs', status: 'cancelling' })
  const [atWork, inCancelling] = [await create(numbered), await create(numbered)]
  advance(hourMs)
  for (const { id } of [atWork, inCancelling]) await openai.batches.cancel(id)
  advance(100 * hourMs)
  const cancelled = await look(atWork)
  assert.deepEqual([cancelled.status, cancelled.request_counts?.completed], ['cancelled', 5])
  assert.equal((await look(inCancelling)).status, 'cancelling')
})

const spoilt = {
  lines_missing: (texts: string[]) => assert.equal(texts.length, 9),
  line_repeated: (texts: string[]) => assert.deepEqual([texts.length, new Set(texts).size], [11, 10]),
  unknown_custom_id: (texts: string[]) =>
    assert.equal(texts.filter(text => !/^n-\d$/.test(JSON.parse(text).custom_id)).length, 1),
  not_json: (texts: string[]) => assert.equal(texts.filter(text => !text.startsWith('{')).length, 1),
  other_shape: (texts: string[]) =>
    assert.equal(texts.filter(text => JSON.parse(text).response.body.data === undefined).length, 1),
  cut_short: (texts: string[]) => assert.throws(() => JSON.parse(texts.at(-1) ?? ''), SyntaxError),
}
for (const [wrong, check] of Object.entries(spoilt))
  test(`the output can be wrong (${wrong}) while the counts say that all is well`, async () => {
    const { simulator, create, look, advance, read } = setUpBatches()
    simulator.inject({ kind: 'batch_output', wrong: wrong as keyof typeof spoilt })
    const created = await create(numbered)
    advance(10 * hourMs)
    const { status, request_counts, output_file_id } = await look(created)
    assert.deepEqual([status, request_counts?.completed], ['completed', 10])
    check((await read(output_file_id)).trimEnd().split('\n'))
    assert.equal(simulator.counters().inputs, 10)
  })

test('a fault of a batch waits for the next batch, and lets other requests pass', async () => {
  const { simulator, openai, create, look, advance } = setUpBatches()
  simulator.inject({ kind: 'batch_fails', code: 'internal_error' })
  await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })
  const created = await create(numbered)
  advance(hourMs)
  assert.equal((await look(created)).status, 'failed')
})

test('the other faults hit files and batches too; a lost answer to a creation leaves a batch behind', async () => {
  const { simulator, openai, create, upload, look, advance } = setUpBatches()
  const input_file_id = await upload(numbered.map(line => JSON.stringify(line)).join('\n'))
  simulator.inject({ kind: 'connection_lost', billed: true })
  const wish = { input_file_id, endpoint: '/v1/embeddings', completion_window: '24h' } as const
  await assert.rejects(openai.batches.create(wish), /Connection error/)
  const [lost] = (await openai.batches.list()).data
  assert.ok(lost)
  advance(10 * hourMs)
  const { output_file_id = '' } = await look(lost)
  simulator.inject({ kind: 'malformed', body: 'cut_short' })
  assert.doesNotMatch(await (await openai.files.content(output_file_id)).text(), /\n$/)
  simulator.inject({ kind: 'server_error', status: 500 }, { kind: 'rate_limited' })
  await assert.rejects(create(numbered), { status: 500 })
  await assert.rejects(openai.batches.list(), { status: 429 })
})
