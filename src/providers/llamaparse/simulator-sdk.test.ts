import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import LlamaCloud from '@llamaindex/llama-cloud'
import { serveHandler } from '../../../test/harness/serve-handler.ts'
import { basic, fileOf, parseFormFeeds, setUpCloud } from './__fixtures__/simulated-cloud.ts'
import { createLlamaCloudSimulator } from './simulator.ts'

const quick = { pollingInterval: 0.005, maxInterval: 0.005, timeout: 20 }
const page = '# Report\n\nSee [the plan](https://example.com).\n\n| a | b |\n| - | - |\n| 1 | 2 |'

/** The official SDK in front of a simulator in this process, and in front of one behind a socket, both on the machine's clock. */
const simulator = createLlamaCloudSimulator({
  parse: parseFormFeeds,
  timing: { pendingMs: 0, runningMs: 0, msPerPage: 0 },
})
const server = await serveHandler(simulator.fetch)
const common = { apiKey: 'llx-any', maxRetries: 0, logLevel: 'off' } as const
const clients = {
  'in the process': new LlamaCloud({
    ...common,
    fetch: (url, init) => simulator.fetch(new Request(url as string, init)),
  }),
  'over a socket': new LlamaCloud({ ...common, baseURL: server.url }),
}
after(async () => {
  await simulator.close()
  await server.close()
})

for (const [place, sdk] of Object.entries(clients)) {
  test(`${place}: upload, wait, Markdown`, async () => {
    const params = { ...basic, upload_file: fileOf(page, `two ${place}`), expand: ['markdown', 'text_full', 'usage'] }
    const result = await sdk.parsing.parse(params, quick)
    assert.equal(result.job.status, 'COMPLETED')
    assert.equal(result.job.usage?.credits, 6)
    const [first, second] = result.markdown?.pages ?? []
    assert.ok(first?.success && second?.success)
    assert.match(first.markdown, /^# Report\n\nSee the plan\.\n\n<table>\n[\s\S]*<td>1<\/td><td>2<\/td>/)
    assert.deepEqual([second.page_number, second.markdown], [2, `two ${place}`])
    assert.equal(result.text_full, `Report\n\nSee the plan.\n\na  b\n1  2\n\n---\n\ntwo ${place}`)
  })

  test(`${place}: create by file id, get, list, cancel, delete, versions`, async () => {
    const file = await sdk.files.create({ file: fileOf(`stored ${place}`), purpose: 'parse' })
    assert.match(file.id, /^dfl-[0-9a-f-]{36}$/)
    const job = await sdk.parsing.create({ ...basic, file_id: file.id, user_metadata: { team: 'water' } })
    assert.match(job.id, /^pjb-[0-9a-f-]{36}$/)
    assert.match(job.project_id, /^prj-[0-9a-f-]{36}$/)
    assert.deepEqual([job.status, job.tier, job.name, job.usage], ['PENDING', 'cost_effective', 'report.pdf', null])
    const result = await sdk.parsing.waitForCompletion(job.id, { expand: ['markdown_full'] }, quick)
    assert.deepEqual([result.markdown_full, result.job.user_metadata], [`stored ${place}`, { team: 'water' }])
    const listed = []
    for await (const one of sdk.parsing.list({ page_size: 1, job_ids: [job.id], status: 'COMPLETED' }))
      listed.push(one.id)
    assert.deepEqual(listed, [job.id])
    await assert.rejects(sdk.parsing.cancel(job.id), { status: 400 })
    assert.deepEqual(await sdk.parsing.delete(job.id), { id: job.id, project_id: job.project_id })
    await assert.rejects(sdk.parsing.get(job.id), { status: 404, error: { detail: 'Parse job not found' } })
    assert.equal((await sdk.parsing.listVersions()).latest.cost_effective, '2026-08-19')
  })

  test(`${place}: files and their content`, async () => {
    const file = await sdk.files.create({ file: fileOf('bytes'), purpose: 'parse', external_file_id: `own ${place}` })
    assert.deepEqual([file.name, file.file_type, file.purpose], ['report.pdf', 'pdf', 'parse'])
    const ids = []
    for await (const one of sdk.files.list({ external_file_id: `own ${place}` })) ids.push(one.id)
    assert.deepEqual(ids, [file.id])
    assert.equal((await sdk.files.retrieve(file.id)).external_file_id, `own ${place}`)
    const { url } = await sdk.files.content(file.id)
    const download = place === 'over a socket' ? await fetch(url) : await simulator.fetch(new Request(url))
    assert.equal(await download.text(), 'bytes')
    assert.equal((await simulator.fetch(new Request(url.replace('signature=', 'signature=0')))).status, 403)
    await sdk.files.delete(file.id)
    await assert.rejects(sdk.files.retrieve(file.id), { status: 404 })
  })
}

test('a failed job rejects with the code of its error', async () => {
  const sdk = clients['in the process']
  const job = await sdk.parsing.create({ ...basic, upload_file: fileOf('fail: document_encrypted') })
  await assert.rejects(sdk.parsing.waitForCompletion(job.id, {}, quick), /FAILED \| Error: PDF_IS_PROTECTED/)
})

test('the errors of the SDK are those of the statuses', async () => {
  const { sdk, simulator } = setUpCloud()
  await assert.rejects(sdk.parsing.get('pjb-none'), LlamaCloud.NotFoundError)
  await assert.rejects(sdk.parsing.create({ ...basic, file_id: 'dfl-none' }), LlamaCloud.NotFoundError)
  simulator.inject({ kind: 'rate_limited' }, { kind: 'server_error' })
  await assert.rejects(sdk.parsing.get('pjb-none'), LlamaCloud.RateLimitError)
  await assert.rejects(sdk.parsing.get('pjb-none'), LlamaCloud.InternalServerError)
})

test('over a socket a lost connection, a lost answer and a page of a gateway are what they are on a network', async () => {
  const sdk = clients['over a socket']
  const before = simulator.counters().jobs
  simulator.inject(
    { kind: 'connection_lost' },
    { kind: 'connection_lost', done: true },
    { kind: 'server_error', status: 502 },
  )
  const create = () => sdk.parsing.create({ ...basic, upload_file: fileOf('lost'), disable_cache: true })
  await assert.rejects(create(), LlamaCloud.APIConnectionError)
  await assert.rejects(create(), LlamaCloud.APIConnectionError)
  await assert.rejects(create(), { status: 502, message: /^502 <html>/ })
  assert.equal(simulator.counters().jobs, before + 1)
})

test('P9: left to itself the SDK buys a second job when the first answer is lost', async () => {
  const { simulator } = setUpCloud()
  simulator.inject({ kind: 'connection_lost', done: true })
  const retrying = new LlamaCloud({
    ...common,
    maxRetries: 1,
    fetch: (url, init) => simulator.fetch(new Request(url as string, init)),
  })
  await retrying.parsing.create({ ...basic, upload_file: fileOf('one') })
  assert.equal(simulator.counters().jobs, 2)
})

test('a data URL, by which the SDK tries its fetch before the first upload, is no request and takes no fault', async () => {
  const { sdk, simulator } = setUpCloud()
  simulator.inject({ kind: 'rate_limited' })
  await assert.rejects(sdk.parsing.create({ ...basic, upload_file: fileOf('one') }), { status: 429 })
  assert.deepEqual(simulator.counters().requests, { upload: 1 })
})
