import assert from 'node:assert/strict'
import { test } from 'node:test'
import type LlamaCloud from '@llamaindex/llama-cloud'
import type { FailureCode } from '../../contract/failure.ts'
import { basic, fileOf, finish, type Params, setUpCloud } from './__fixtures__/simulated-cloud.ts'

const hour = 3_600_000

test('a job is PENDING, then RUNNING, then COMPLETED, each for as long as was set', async () => {
  const { sdk, clock } = setUpCloud()
  const { id, created_at } = await sdk.parsing.create({ ...basic, upload_file: fileOf('one', 'two') })
  const statusAfter = async (ms: number) => {
    await clock.advance(ms)
    return (await sdk.parsing.get(id)).job.status
  }
  assert.equal(created_at, '2026-11-23T12:00:00.000Z')
  assert.equal(await statusAfter(999), 'PENDING')
  assert.equal(await statusAfter(1), 'RUNNING')
  assert.equal(await statusAfter(2199), 'RUNNING')
  assert.equal(await statusAfter(1), 'COMPLETED')
  assert.equal((await sdk.parsing.get(id)).job.updated_at, '2026-11-23T12:00:03.200Z')
})

test('before the end, and unasked, there is no content', async () => {
  const cloud = setUpCloud()
  const { id } = await cloud.sdk.parsing.create({ ...basic, upload_file: fileOf('one') })
  assert.equal((await cloud.sdk.parsing.get(id, { expand: ['markdown'] })).markdown, null)
  const done = await finish(cloud, ['two'])
  assert.deepEqual([done.markdown, done.text, done.markdown_full, done.items], [null, null, null, null])
})

test('expand is taken repeated and with commas; an unknown value is a 422', async () => {
  const cloud = setUpCloud()
  const done = await finish(cloud, ['# One'], {}, ['markdown,text', 'items'])
  assert.deepEqual(done.text?.pages, [{ page_number: 1, text: 'One' }])
  assert.deepEqual(done.items?.pages[0], {
    page_number: 1,
    success: true,
    items: [{ type: 'heading', level: 1, value: 'One', md: '# One', bbox: null }],
    page_width: 612,
    page_height: 792,
  })
  assert.equal(done.markdown?.pages.length, 1)
  await assert.rejects(cloud.sdk.parsing.get(done.job.id, { expand: ['everything'] }), { status: 422 })
})

test('a link to the content works until it expires', async () => {
  const cloud = setUpCloud()
  const { result_content_metadata: found } = await finish(cloud, ['# Ünï'], {}, ['markdown_content_metadata'])
  assert.equal(found?.md?.size_bytes, 7)
  const download = () => cloud.simulator.fetch(new Request(found?.md?.presigned_url ?? ''))
  assert.equal(await (await download()).text(), '# Ünï')
  await cloud.clock.advance(2 * hour)
  assert.equal((await download()).status, 403)
})

test('the fast tier gives text and refuses Markdown', async () => {
  const cloud = setUpCloud()
  const { job, text_full, markdown } = await finish(cloud, ['# One **two**'], { tier: 'fast' }, ['text_full', 'usage'])
  assert.deepEqual([text_full, markdown, job.usage?.credits], ['One two', null, 1])
  for (const expand of ['markdown', 'markdown_full', 'items', 'markdown_content_metadata']) {
    await assert.rejects(cloud.sdk.parsing.get(job.id, { expand: [expand] }), {
      status: 400,
      error: { detail: 'Markdown expansion is not available for FAST tier jobs.' },
    })
  }
})

test('tables are HTML and links are bare, unless asked for otherwise', async () => {
  const cloud = setUpCloud()
  const page =
    'A [link](https://example.com).\n\n| a | b |\n|---|---|\n| 1 | <2> |\n\n```\n| no | table |\n|---|---|\n```'
  const plain = await finish(cloud, [page], {}, ['markdown_full'])
  const rows = '<tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td>&lt;2&gt;</td></tr>'
  const code = '```\n| no | table |\n|---|---|\n```'
  assert.equal(plain.markdown_full, `A link.\n\n<table>\n<thead>\n${rows}\n</tbody>\n</table>\n\n${code}`)
  const markdown = { annotate_links: true, tables: { output_tables_as_markdown: true } }
  const asked = await finish(cloud, [page], { output_options: { markdown } }, ['markdown_full'])
  assert.equal(asked.markdown_full, page)
})

test('a page keeps no more than 64 KB', async () => {
  const { markdown } = await finish(setUpCloud(), ['é'.repeat(40_000)], {}, ['markdown'])
  const [page] = markdown?.pages ?? []
  assert.equal(page?.success && page.markdown.length, 32_768)
})

const ranges: [ranges: Params['page_ranges'], pages: number[]][] = [
  [{ target_pages: '2,4-9' }, [2, 4, 5]],
  [{ max_pages: 2 }, [1, 2]],
  [{ max_pages: 1, target_pages: '5' }, [5]],
  [{ max_pages: 99 }, [1, 2, 3, 4, 5]],
]
for (const [page_ranges, expected] of ranges) {
  test(`${JSON.stringify(page_ranges)} of five pages: ${expected.join(' ')}, and only they are charged`, async () => {
    const expand = ['markdown', 'usage']
    const { markdown, job } = await finish(
      setUpCloud(),
      ['a', 'b', 'c', 'd', 'e'],
      page_ranges ? { page_ranges } : {},
      expand,
    )
    assert.deepEqual(
      markdown?.pages.map(page => page.page_number),
      expected,
    )
    assert.equal(job.usage?.credits, expected.length * 3)
  })
}

const failures: [name: string, params: Partial<Params>, content: string, message: RegExp][] = [
  ['no page that was asked for', { page_ranges: { target_pages: '7' } }, 'one', /^NO_DATA_FOUND_IN_FILE/],
  ['too many pages', {}, 'a\fb\fc\fd', /^TOO_MANY_PAGES/],
  ['too large a file', {}, 'x'.repeat(101), /^DOCUMENT_TOO_LARGE/],
  ['too little time', { processing_control: { timeouts: { base_in_seconds: 1 } } }, 'one', /^TIMEOUT/],
]
const byCode: [FailureCode, string][] = [
  ['file_type_unsupported', 'UNSUPPORTED_FILE_TYPE'],
  ['document_encrypted', 'PDF_IS_PROTECTED'],
  ['document_corrupt', 'PDF_IS_BROKEN'],
  ['document_scanned', 'NO_DATA_FOUND_IN_FILE'],
  ['parse_output_too_large', 'DOCUMENT_TOO_LARGE'],
  ['parse_timed_out', 'TIMEOUT'],
  ['parser_crashed', 'INTERNAL_ERROR'],
]
for (const [code, error] of byCode) failures.push([code, {}, `fail: ${code}`, new RegExp(`^${error}: \\w`)])
for (const [name, params, content, message] of failures) {
  test(`${name}: FAILED, ${message.source}, not charged`, async () => {
    const cloud = setUpCloud({ jobLimits: { maxFileBytes: 100, maxPages: 3 } })
    const { job } = await finish(cloud, [content], params)
    assert.equal(job.status, 'FAILED')
    assert.match(job.error_message ?? '', message)
    assert.equal(job.usage?.credits, 0)
    assert.deepEqual([cloud.simulator.counters().failed, cloud.simulator.counters().credits], [1, 0])
  })
}

test('I6: more than 50 uploads in 10 seconds get a 429 without Retry-After; polls do not', async () => {
  const { sdk, clock, simulator } = setUpCloud()
  const create = () => sdk.parsing.create({ ...basic, upload_file: fileOf('a') })
  for (let i = 0; i < 50; i++) await create()
  await assert.rejects(create(), (error: InstanceType<typeof LlamaCloud.RateLimitError>) => {
    assert.equal(error.status, 429)
    assert.equal(error.headers.get('retry-after'), null)
    return true
  })
  for await (const job of sdk.parsing.list()) assert.equal(job.status, 'PENDING')
  await clock.advance(10_000)
  await create()
  assert.equal(simulator.counters().jobs, 51)
})

test('cancel ends a job that runs, uncharged, and only such a one', async () => {
  const { sdk, clock, simulator } = setUpCloud()
  const { id } = await sdk.parsing.create({ ...basic, upload_file: fileOf('a') })
  await clock.advance(1500)
  await assert.rejects(sdk.parsing.delete(id), { status: 400 })
  assert.equal((await sdk.parsing.cancel(id)).status, 'CANCELLED')
  await clock.advance(60_000)
  assert.equal((await sdk.parsing.get(id)).job.status, 'CANCELLED')
  await assert.rejects(sdk.parsing.cancel(id), { status: 400 })
  await sdk.parsing.delete(id)
  await assert.rejects(sdk.parsing.delete(id), { status: 404 })
  const { cancelled, completed, credits } = simulator.counters()
  assert.deepEqual([cancelled, completed, credits], [1, 0, 0])
})

test('lists are newest first, filtered by status, ids and time, and page on while jobs are deleted', async () => {
  const { sdk, clock } = setUpCloud()
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    ids.push((await sdk.parsing.create({ ...basic, upload_file: fileOf(name) })).id)
    await clock.advance(60_000)
  }
  const list = async (query: Parameters<typeof sdk.parsing.list>[0]) => {
    const found = []
    for await (const { id } of sdk.parsing.list(query)) found.push(ids.indexOf(id))
    return found
  }
  assert.deepEqual(await list({ page_size: 2 }), [4, 3, 2, 1, 0])
  assert.deepEqual(await list({ job_ids: [ids[1] ?? '', ids[3] ?? ''] }), [3, 1])
  assert.deepEqual(await list({ status: 'FAILED' }), [])
  const after = { created_at_on_or_after: '2026-11-23T12:01:00Z' }
  assert.deepEqual(await list({ ...after, created_at_on_or_before: '2026-11-23T12:03:00Z' }), [3, 2, 1])
  for await (const { id } of sdk.parsing.list({ page_size: 2 })) await sdk.parsing.delete(id)
  assert.deepEqual(await list({}), [])
})

test('the same requests get the same answers, whatever is polled in between; another seed gives other ids', async () => {
  const run = async (seed: number, polls: number) => {
    const { sdk, clock } = setUpCloud({ seed })
    const answers: unknown[] = []
    for (const name of ['a', 'b']) {
      const job = await sdk.parsing.create({ ...basic, upload_file: fileOf(name) })
      for (let i = 0; i < polls; i++) await sdk.parsing.get(job.id)
      await clock.advance(5000)
      answers.push(job, await sdk.parsing.get(job.id, { expand: ['markdown', 'usage'] }))
    }
    return answers
  }
  const first = await run(1, 0)
  assert.deepEqual(await run(1, 3), first)
  assert.notDeepEqual(await run(2, 0), first)
})

test('a closed simulator ends its jobs where they are', async () => {
  const { sdk, simulator } = setUpCloud()
  const { id } = await sdk.parsing.create({ ...basic, upload_file: fileOf('a') })
  await simulator.close()
  assert.equal((await sdk.parsing.get(id)).job.status, 'PENDING')
})
