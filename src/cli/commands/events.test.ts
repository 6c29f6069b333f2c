import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { testIo } from '../__fixtures__/test-io.ts'
import { createMessageReader } from '../events/read-messages.ts'
import { runCli } from '../run-cli.ts'

const documentId = '0199aaaa-0000-7000-8000-000000000001'
const head = { at: '2026-11-27T12:00:01.5Z', tenantId: 'acme', jobId: documentId, documentId, callId: null }
const job = {
  versionId: documentId,
  stage: 'embed',
  state: 'deferred',
  reason: 'deferred',
  token: 3,
  errorCode: null,
  wakeAt: '2026-11-28T00:00:00+00:00',
  deferralReason: 'budget',
  budgetId: 'day',
}
const entry = {
  entryId: documentId,
  entry: 'hold',
  service: 'embed',
  provider: 'openai',
  model: 'text-embedding-3-small',
  simulated: true,
  purpose: 'ingest',
  units: '0',
  costNanoUsd: '0',
  shadowNanoUsd: '0',
  heldNanoUsd: '0',
  heldShadowNanoUsd: '3750000',
  avoidedNanoUsd: '0',
  avoidedShadowNanoUsd: '0',
}
const stream = [
  'retry: 1000\n\n:\n\n',
  'event: position\nid: s.1\ndata: {"at":"2026-11-27T12:00:00Z"}\n\n',
  `event: job\nid: s.2\ndata: ${JSON.stringify({ eventId: '1', ...head, kind: 'job', data: job })}\n\n`,
  `event: ledger\nid: s.3\ndata: ${JSON.stringify({ eventId: '2', ...head, kind: 'ledger', data: entry })}\n\n`,
  'event: unheard\nid: s.4\ndata: {"kind":"unheard"}\n\n',
  'event: reset\nid: s.5\ndata: {"reason":"forgotten","message":"Load again."}\n\n',
].join('')

async function run(argv: string[]) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { io, written } = testIo()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const exitCode = await runCli(['events', ...argv, '--url', url, '--api-key', 'test-key'], io)
    return { exitCode, asked, ...written }
  } finally {
    server.close()
  }
}

test('events: a line for each, what is missing on stderr, and nothing of what this version does not know', async () => {
  const { exitCode, asked, stdout, stderr } = await run(['--kinds', 'job,ledger', '--after', 's.0', '--tenant', 'acme'])
  assert.equal(exitCode, 0)
  assert.deepEqual(asked, ['/v1/events?kinds=job%2Cledger&after=s.0&tenant=acme'])
  assert.equal(
    stdout,
    `2026-11-27 12:00:01Z  job          acme  embed deferred budget  ${documentId}\n` +
      `2026-11-27 12:00:01Z  ledger       acme  hold openai (simulated) $0.00375 (shadow)  ${documentId}\n`,
  )
  assert.match(stderr, /^Load again\.\nThe server has ended the stream\.\n$/)
})

test('events --json: each line is an event with the id to go on behind', async () => {
  const { stdout } = await run(['--json'])
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ id, kind }) => [id, kind]),
    [
      ['s.2', 'job'],
      ['s.3', 'ledger'],
      ['s.4', 'unheard'],
    ],
  )
})

test('a stream is read the same wherever its pieces are cut', () => {
  const whole = createMessageReader()(stream)
  assert.equal(whole.length, 5)
  for (let size = 1; size < 40; size += 3) {
    const read = createMessageReader()
    const pieces = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    assert.deepEqual(pieces.flatMap(read), whole)
  }
})
