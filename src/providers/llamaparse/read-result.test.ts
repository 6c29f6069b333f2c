import assert from 'node:assert/strict'
import { test } from 'node:test'
import replies from './__fixtures__/job-replies.json' with { type: 'json' }
import { hasEnded, readCreated, readJob, readJobList } from './parse-reply.ts'
import { readResult } from './read-result.ts'

type Name = Exclude<keyof typeof replies, '_source'>
const read = (reply: unknown) => readResult(readJob(JSON.stringify(reply), 'The call'), 'document-1')
const recorded = (name: Name) => read(replies[name])

test('I8: pages come in order, unknown fields and nulls do not matter, and credits keep their fraction', () => {
  assert.deepEqual(recorded('completed'), {
    output: {
      pages: [
        { pageNumber: 1, markdown: '# one' },
        { pageNumber: 2, markdown: 'two' },
      ],
      notes: [],
    },
    failure: null,
  })
  const { job, job_metadata: metadata } = readJob(JSON.stringify(replies.completed), 'The call')
  assert.deepEqual([job.usage?.credits, metadata?.job_pages, hasEnded(job)], ['12.5', 2n, true])
})

test('I8: the text of the fast tier stands for Markdown', () => {
  assert.deepEqual(recorded('fast').output?.pages, [{ pageNumber: 1, markdown: 'plain' }])
})

test('I8: pages that failed are named, without the reason that could quote them', () => {
  assert.deepEqual(recorded('partial').output, {
    pages: [{ pageNumber: 1, markdown: 'one' }],
    notes: ['Page 2 is missing, since LlamaParse failed on it.'],
  })
})

test('I3: a result without a good page or without text is a failure', () => {
  const failure = (name: Name) => recorded(name).failure
  assert.equal(failure('all_failed')?.code, 'remote_parse_failed')
  assert.doesNotMatch(String(failure('all_failed')?.message), /Rossi/)
  assert.equal(failure('blank')?.code, 'document_without_text')
  assert.equal(failure('no_pages')?.code, 'document_without_text')
})

test('content that did not come, or a page that comes twice, is not taken for an empty document', () => {
  assert.throws(() => recorded('without_content'), { code: 'provider_reply_malformed' })
  assert.throws(() => recorded('twice'), { code: 'provider_reply_malformed' })
})

test('a page at the limit of 64 KB is noted, in bytes and not in characters', () => {
  const page = (markdown: string) => ({ page_number: 1, success: true, markdown })
  const notes = (markdown: string) => read({ ...replies.partial, markdown: { pages: [page(markdown)] } }).output?.notes
  assert.deepEqual(notes('a'.repeat(60_000)), [])
  const note = "Page 1 is as long as LlamaParse's limit of 64 KB of text, and may be cut."
  assert.deepEqual(notes('ä'.repeat(32_768)), [note])
})

const malformed: [name: string, body: string][] = [
  ['a page of a gateway', '<html><body>the salary of Ms Rossi</body></html>'],
  ['nothing', ''],
  ['a cut body', JSON.stringify(replies.completed).slice(0, -20)],
  ['null', 'null'],
  ['another shape', '{"result":{"jobs":[]}}'],
  ['no status', '{"job":{"id":"pjb-1"}}'],
  [
    'a page that is no number',
    '{"job":{"id":"pjb-1","status":"COMPLETED"},"text":{"pages":[{"page_number":"x","text":"a"}]}}',
  ],
  ['page 0', '{"job":{"id":"pjb-1","status":"COMPLETED"},"text":{"pages":[{"page_number":0,"text":"a"}]}}'],
  ['credits that are no number', '{"job":{"id":"pjb-1","status":"COMPLETED","usage":{"credits":"many"}}}'],
]
for (const [name, body] of malformed) {
  test(`${name} is a malformed reply, of which nothing is quoted`, () => {
    for (const reader of [readJob, readCreated, readJobList]) {
      if (reader !== readJob && body.startsWith('{"job"')) continue
      assert.throws(
        () => reader(body, 'The call'),
        (error: Error) => {
          assert.doesNotMatch(`${error.message} ${error.cause}`, /Rossi|many/)
          return 'code' in error && error.code === 'provider_reply_malformed'
        },
      )
    }
  })
}

test('a list without items is no empty list, and a status that is new has not ended', () => {
  assert.throws(() => readJobList('{"next_page_token":null}', 'The call'), { code: 'provider_reply_malformed' })
  assert.equal(hasEnded(readCreated('{"id":"pjb-1","status":"QUEUED"}', 'The call')), false)
})
