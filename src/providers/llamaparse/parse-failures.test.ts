import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { serveHandler } from '../../../test/harness/serve-handler.ts'
import { type AppError, causeChain, type FailureCode } from '../../contract/failure.ts'
import { apiKey, basicOptions, never, openFolder, setUpClient } from './__fixtures__/parse-client.fs.ts'
import { createLlamaParse } from './parse-client.ts'
import type { Fault } from './simulator-faults.ts'
import { jobErrors } from './simulator-job-errors.ts'

const folder = openFolder()
after(folder.close)
const salary = 'Ms Rossi earns 4,200'

/** I32: neither the key nor the document nor its name is in an error, however deep. */
function assertDiscreet(error: AppError): void {
  const told = `${error.message} ${error.stack} ${causeChain(error)} ${JSON.stringify(error)}`
  assert.doesNotMatch(told, /llx-|0123|Rossi|4,200|Salaries/)
}

async function failureOf(act: Promise<unknown>): Promise<AppError> {
  const error = await act.then(
    () => assert.fail('it did not fail'),
    (failure: AppError) => failure,
  )
  assertDiscreet(error)
  return error
}

const faults: [fault: Fault, submitting: FailureCode, looking: FailureCode][] = [
  [{ kind: 'rate_limited' }, 'provider_rate_limited', 'provider_rate_limited'],
  [{ kind: 'server_error' }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'server_error', status: 503 }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'connection_lost', done: true }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'hang', done: true }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'body_breaks' }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'body_hangs' }, 'call_outcome_unknown', 'provider_unavailable'],
  [{ kind: 'malformed', body: 'empty' }, 'call_outcome_unknown', 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'html' }, 'call_outcome_unknown', 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'cut_short' }, 'call_outcome_unknown', 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'other_shape' }, 'call_outcome_unknown', 'provider_reply_malformed'],
]
for (const [fault, submitting, looking] of faults) {
  test(`P9: ${JSON.stringify(fault)}: ${submitting} when handing over, ${looking} when looking`, async () => {
    const client = setUpClient({ timeoutMs: 200 })
    const input = folder.write([salary])
    const { remoteId } = await client.submit(input)
    await client.clock.advance(60_000)
    const { jobs } = client.service
    client.simulator.inject(fault)
    const failure = await failureOf(client.submit(input, 'call-2'))
    assert.deepEqual([failure.code, failure.retryAfterMs], [submitting, undefined])
    const looks = [
      () => jobs.collect(remoteId, input, { signal: never }),
      () => jobs.ended([remoteId], { signal: never }),
      () => jobs.bill(remoteId, 'agentic', { signal: never }),
      () => jobs.find('call-9', client.clock.now(), { signal: never }),
    ]
    for (const look of looks) {
      client.simulator.inject(fault)
      assert.equal((await failureOf(look())).code, looking)
    }
    assert.equal((await jobs.collect(remoteId, input, { signal: never })).kind, 'done')
  })
}

test('credits that are used up are said so, and no job is created', async () => {
  const client = setUpClient({}, { creditsLeft: 0 })
  assert.equal((await failureOf(client.submit(folder.write([salary])))).code, 'provider_out_of_credits')
  assert.equal(client.simulator.counters().jobs, 0)
})

test('a wrong key is refused; an option that LlamaParse does not know is our fault, and named', async () => {
  const wrong = setUpClient({ apiKey: 'llx-wrong-0123' })
  assert.equal((await failureOf(wrong.submit(folder.write([salary])))).code, 'provider_key_refused')
  const input = folder.write([salary], { options: { take_screenshot: salary } })
  const failure = await failureOf(setUpClient().submit(input))
  assert.equal(failure.code, 'call_invalid')
  assert.match(failure.message, /HTTP 400, fields take_screenshot: extra_forbidden/)
})

test('a version that the tier does not have and a file that is empty are refused', async () => {
  const dated = setUpClient({ version: '1999-01-01' })
  assert.match((await failureOf(dated.submit(folder.write([salary])))).message, /fields version: value_error/)
  assert.equal((await failureOf(setUpClient().submit(folder.write([])))).code, 'call_invalid')
  const gone = { ...folder.write([salary]), path: '/nowhere/Salaries' }
  const client = setUpClient()
  const quote = await client.quoteOf(gone)
  await assert.rejects(client.submit(gone, 'call-1', quote), { code: 'call_invalid' })
  assert.equal(client.calls.length, 0)
})

test('a server that cannot be reached has created nothing', async () => {
  const server = await serveHandler(async () => new Response())
  await server.close()
  for (const baseUrl of [server.url, 'http://nowhere.invalid']) {
    const { jobs } = createLlamaParse({ ...basicOptions, baseUrl })
    const quote = { units: 1, costNanoUsd: 0n, shadowNanoUsd: 0n }
    const call = { signal: never, callId: 'call-1', quote }
    const failure = await failureOf(jobs.submit(folder.write([salary]), call))
    assert.equal(failure.code, 'provider_unavailable')
    assert.match(String(causeChain(failure)), /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/)
  }
})

test('a connection that does not come about in time has created nothing either', async () => {
  const timeout = Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' })
  const fetch = async () => Promise.reject(new TypeError('fetch failed', { cause: timeout }))
  const failure = await failureOf(setUpClient({ fetch }).submit(folder.write([salary])))
  assert.equal(failure.code, 'provider_unavailable')
})

for (const code of jobErrors) {
  test(`a job that fails with ${code} is collected as failed, for nothing, and its code is kept`, async () => {
    const client = setUpClient()
    client.simulator.inject({ kind: 'job_fails', code })
    const collected = await client.parse(folder.write([salary]))
    assert.ok(collected.kind === 'failed')
    assertDiscreet(collected.error)
    assert.match(String(causeChain(collected.error)), new RegExp(`\\[${code}\\]`))
    assert.deepEqual(collected.usage, { units: 0, costNanoUsd: 0n, shadowNanoUsd: 0n })
  })
}

test('P14: LlamaParse gives up by itself within our deadline', async () => {
  const timing = { pendingMs: 0, runningMs: 3_600_000, msPerPage: 0 }
  const client = setUpClient({ deadline: { baseMs: 10_000, perPageMs: 1000 } }, { timing })
  const collected = await client.parse(folder.write([salary]))
  assert.ok(collected.kind === 'failed')
  assert.equal(collected.error.code, 'remote_parse_timed_out')
})

test('pages that failed are missing and named; all of them, or more than are allowed, fail the job', async () => {
  const pages = Array.from({ length: 40 }, (_, i) => `${salary} ${i}`)
  const client = setUpClient({ countPages: async () => 40 })
  client.simulator.inject({ kind: 'pages_fail', pages: '3,7' })
  const collected = await client.parse(folder.write(pages))
  assert.ok(collected.kind === 'done')
  assert.deepEqual(collected.output.notes, ['Pages 3, 7 are missing, since LlamaParse failed on them.'])
  assert.deepEqual([collected.output.pages.length, collected.usage?.units], [38, 38])
  client.simulator.inject({ kind: 'pages_fail', pages: '1-9' })
  const failed = await client.parse(folder.write([...pages, 'x']))
  assert.ok(failed.kind === 'failed' && failed.error.code === 'remote_parse_failed')
})

test('I3: a document without text fails', async () => {
  const collected = await setUpClient().parse(folder.write([' ', '\n']))
  assert.ok(collected.kind === 'failed')
  assert.equal(collected.error.code, 'document_without_text')
})

test('a 404 of a wrong address does not pass for a job that is gone', async () => {
  const fetch = async () => Response.json({ detail: 'Not Found' }, { status: 404 })
  const { jobs } = createLlamaParse({ ...basicOptions, fetch })
  const input = folder.write([salary])
  assert.equal((await failureOf(jobs.collect('pjb-1', input, { signal: never }))).code, 'call_invalid')
  assert.equal((await setUpClient().collect('pjb-1', input)).kind, 'gone')
})

test('pages of a list that go in a circle are malformed', async () => {
  const fetch = async () => Response.json({ items: [], next_page_token: 'again' })
  const { jobs } = createLlamaParse({ ...basicOptions, fetch })
  assert.equal((await failureOf(jobs.ended(['pjb-1'], { signal: never }))).code, 'provider_reply_malformed')
})

test('an abort is what aborted it, before and during a call', async () => {
  const client = setUpClient()
  const input = folder.write([salary])
  const reason = new Error('enough')
  const early = client.service.jobs.collect('pjb-1', input, { signal: AbortSignal.abort(reason) })
  await assert.rejects(early, error => error === reason)
  client.simulator.inject({ kind: 'hang' })
  const abort = new AbortController()
  const quote = await client.quoteOf(input)
  const submitting = client.service.jobs.submit(input, { signal: abort.signal, callId: 'c', quote })
  setImmediate(() => abort.abort(reason))
  await assert.rejects(submitting, error => error === reason)
})

test('nothing is taken from the environment of the SDK', async () => {
  const names = ['LLAMA_CLOUD_API_KEY', 'LLAMA_PARSE_API_KEY', 'LLAMA_CLOUD_BASE_URL', 'LLAMA_CLOUD_CUSTOM_HEADERS']
  const before = names.map(name => process.env[name])
  for (const name of names) process.env[name] = 'authorization: Bearer other\nx-other: yes'
  try {
    const client = setUpClient()
    await client.submit(folder.write([salary]))
    const [request] = client.calls
    assert.equal(new URL(request?.url ?? '').host, 'api.cloud.llamaindex.ai')
    assert.equal(request?.headers.get('authorization'), `Bearer ${apiKey}`)
    assert.equal(request?.headers.get('x-other'), null)
  } finally {
    for (const [i, name] of names.entries())
      if (before[i] === undefined) delete process.env[name]
      else process.env[name] = before[i]
  }
})
