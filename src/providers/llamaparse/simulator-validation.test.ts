import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, fileOf, setUpCloud } from './__fixtures__/simulated-cloud.ts'
import { readTargetPages } from './simulator-page-ranges.ts'
import { refuseWebhookUrl } from './simulator-webhook-address.ts'

const origin = 'https://api.cloud.llamaindex.ai'
const headers = { authorization: 'Bearer llx-any' }

async function send(path: string, init: RequestInit = {}, options = {}) {
  const { simulator } = setUpCloud(options)
  const response = await simulator.fetch(new Request(`${origin}${path}`, { headers, ...init }))
  return { status: response.status, json: JSON.parse(await response.text()) }
}
const create = (body: unknown, options = {}) =>
  send('/api/v2/parse', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }, options)

function upload(configuration: unknown, file: File | null = fileOf('x')) {
  const body = new FormData()
  if (configuration !== undefined) body.append('configuration', JSON.stringify(configuration))
  if (file) body.append('file', file)
  return send('/api/v2/parse/upload', { method: 'POST', body })
}

const ok = { ...basic, file_id: 'dfl-1' }
const webhook = (webhook_url: string) => ({ ...ok, webhook_configurations: [{ webhook_url }] })
const wrong: [name: string, body: unknown, type: string, loc: (string | number)[]][] = [
  ['an unknown field', { ...ok, take_screenshot: true }, 'extra_forbidden', ['take_screenshot']],
  ['an unknown field within', { ...ok, output_options: { md: {} } }, 'extra_forbidden', ['output_options', 'md']],
  ['no tier', { version: 'latest', file_id: 'x' }, 'missing', ['tier']],
  ['no version', { tier: 'fast', file_id: 'x' }, 'missing', ['version']],
  ['an unknown tier', { ...ok, tier: 'turbo' }, 'literal_error', ['tier']],
  ['a version of another tier', { ...ok, version: '2026-09-07' }, 'value_error', ['version']],
  [
    'pages that are none',
    { ...ok, page_ranges: { target_pages: '1-' } },
    'value_error',
    ['page_ranges', 'target_pages'],
  ],
  [
    'pages that are a number',
    { ...ok, page_ranges: { target_pages: 3 } },
    'string_type',
    ['page_ranges', 'target_pages'],
  ],
  ['less than one page', { ...ok, page_ranges: { max_pages: 0 } }, 'greater_than_equal', ['page_ranges', 'max_pages']],
  ['half a page', { ...ok, page_ranges: { max_pages: 1.5 } }, 'int_type', ['page_ranges', 'max_pages']],
  ['a ratio above one', { ...ok, crop_box: { top: 2 } }, 'less_than_equal', ['crop_box', 'top']],
  ['no source', basic, 'value_error', []],
  ['two sources', { ...ok, source_url: 'https://example.com/a.pdf' }, 'value_error', []],
  ['a text for a flag', { ...ok, disable_cache: 'yes' }, 'bool_type', ['disable_cache']],
  ['tags that are no texts', { ...ok, user_metadata: { a: 1 } }, 'string_type', ['user_metadata', 'a']],
  ['a private address', webhook('https://10.1.2.3/hook'), 'value_error', ['webhook_configurations', 0, 'webhook_url']],
]
for (const [name, body, type, loc] of wrong) {
  test(`${name}: a 422 that names the field`, async () => {
    const { status, json } = await create(body)
    assert.equal(status, 422)
    assert.deepEqual([json.detail[0].type, json.detail[0].loc], [type, ['body', ...loc]])
    assert.deepEqual(Object.keys(json.detail[0]).sort(), ['input', 'loc', 'msg', 'type'])
  })
}

test('faults of fields are written out, all of them, with what was sent', async () => {
  const { json } = await create({ tier: 'turbo', take_screenshot: true, version: 'latest', file_id: 'dfl-1' })
  assert.deepEqual(json.detail, [
    {
      type: 'literal_error',
      loc: ['body', 'tier'],
      msg: "Input should be 'fast', 'cost_effective', 'agentic' or 'agentic_plus'",
      input: 'turbo',
    },
    {
      type: 'extra_forbidden',
      loc: ['body', 'take_screenshot'],
      msg: 'Extra inputs are not permitted',
      input: true,
    },
  ])
})

test('faults of the configuration of an upload are a 400 with one text, as users report it', async () => {
  const { status, json } = await upload({ ...basic, take_screenshot: true })
  assert.equal(status, 400)
  assert.equal(
    json.detail,
    'Invalid configuration: 1 validation error for LlamaParseMultipartConfiguration\ntake_screenshot\n  Extra inputs are not permitted [type=extra_forbidden, input_value=True, input_type=bool]\n    For further information visit https://errors.pydantic.dev/2.11/v/extra_forbidden',
  )
  const missing = await upload({ tier: 'agentic' })
  assert.match(missing.json.detail, /\nversion\n {2}Field required \[type=missing, input_value=\{'tier': 'agentic'\}, /)
})

const badUploads: [name: string, reply: () => ReturnType<typeof upload>, status: number, detail: RegExp][] = [
  ['no file', () => upload(basic, null), 400, /file field is required/],
  ['an empty file', () => upload(basic, new File([], 'empty.pdf')), 400, /Uploaded file is empty\./],
  ['a file_id beside the file', () => upload({ ...basic, file_id: 'dfl-1' }), 400, /file_id\n {2}Extra inputs/],
  ['no configuration', () => upload(undefined), 422, /"loc":\["body","configuration"\]/],
  ['no form', () => send('/api/v2/parse/upload', { method: 'POST', body: 'x' }), 422, /configuration/],
]
for (const [name, reply, expected, detail] of badUploads) {
  test(`an upload with ${name}: ${expected}`, async () => {
    const { status, json } = await reply()
    assert.equal(status, expected)
    assert.match(typeof json.detail === 'string' ? json.detail : JSON.stringify(json.detail), detail)
  })
}

test('a body that is no JSON, a source_url without a network, and unknown configurations are refused', async () => {
  assert.equal((await create('{')).json.detail[0].type, 'json_invalid')
  const offline = await create({ ...basic, source_url: 'https://example.com/a.pdf' })
  assert.equal(offline.status, 400)
  assert.match(offline.json.detail, /offline/)
  assert.equal((await create({ ...ok, configuration_id: 'cfg-1' })).status, 404)
  assert.equal((await create({ ...ok, webhook_configuration_ids: ['whc-1'] })).status, 404)
})

test('a source_url is fetched where somebody fetches', async () => {
  const { sdk, simulator, clock } = setUpCloud({ fetchSource: async url => new Response(`fetched ${url}`) })
  const { id, name } = await sdk.parsing.create({ ...basic, source_url: 'https://example.com/a.md' })
  await clock.advance(60_000)
  const { text_full } = await sdk.parsing.get(id, { expand: ['text_full'] })
  assert.deepEqual([name, text_full], ['a.md', 'fetched https://example.com/a.md'])
  assert.equal(simulator.counters().completed, 1)
})

test('queries are checked', async () => {
  const get = (query: string) => send(`/api/v2/parse?${query}`)
  for (const query of ['status=DONE', 'page_size=0', 'created_at_on_or_after=yesterday'])
    assert.equal((await get(query)).status, 422, query)
  assert.equal((await get('page_token=x')).status, 400)
  assert.equal((await get('project_id=prj-1&organization_id=o')).status, 200)
})

test('keys, paths and methods are checked', async () => {
  assert.equal((await send('/api/v2/parse', { headers: {} })).status, 401)
  assert.equal((await send('/api/v2/parse', {}, { apiKey: 'llx-right' })).status, 401)
  assert.equal((await send('/api/v2/parse', {}, { apiKey: 'llx-any' })).status, 200)
  assert.deepEqual(await send('/api/v3/parse'), { status: 404, json: { detail: 'Not Found' } })
  assert.deepEqual(await send('/api/v2/parse', { method: 'PUT' }), {
    status: 405,
    json: { detail: 'Method Not Allowed' },
  })
})

const pages: [text: string, expected: number[] | null][] = [
  ['1', [1]],
  ['10, 5-8,1', [1, 5, 6, 7, 8, 10]],
  ['3-3', [3]],
  ['', null],
  ['0', null],
  ['4-2', null],
  ['1,,2', null],
  ['1-3,2', null],
  ['-2', null],
  ['1.5', null],
]
for (const [text, expected] of pages) {
  test(`target_pages "${text}": ${expected ? expected.join(' ') : 'refused'}`, () => {
    const read = readTargetPages(text)
    if (expected) assert.deepEqual(read, expected)
    else assert.ok('fault' in read)
  })
}

const addresses: [url: string, isTaken: boolean][] = [
  ['https://hooks.example.com/a', true],
  ['http://hooks.example.com/a', true],
  ['https://8.8.8.8/a', true],
  ['https://172.15.0.1/', true],
  ['https://100.63.0.1/', true],
  ['https://[2606:4700::1111]/', true],
  ['ftp://hooks.example.com/', false],
  ['hooks.example.com', false],
  ['http://localhost:8000/', false],
  ['http://db.localhost/', false],
  ['http://nas.local/', false],
  ['http://intranet/', false],
  ['http://127.0.0.1/', false],
  ['http://0x7f.1/', false],
  ['http://2130706433/', false],
  ['http://10.0.0.1/', false],
  ['http://172.31.255.255/', false],
  ['http://192.168.1.1/', false],
  ['http://169.254.169.254/', false],
  ['http://100.64.0.1/', false],
  ['http://0.0.0.0/', false],
  ['http://[::1]/', false],
  ['http://[fd00::1]/', false],
  ['http://[fe80::1]/', false],
  ['http://[::ffff:127.0.0.1]/', false],
]
for (const [url, isTaken] of addresses) {
  test(`I7: a webhook to ${url} is ${isTaken ? 'taken' : 'refused'}`, () => {
    assert.equal(refuseWebhookUrl(url, false) === null, isTaken)
  })
}
