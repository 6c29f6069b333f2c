import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeChain, type FailureCode } from '../../contract/failure.ts'
import refusals from './__fixtures__/refusals.json' with { type: 'json' }
import { failureOfJob, failureOfRefusal, readRetryAfterMs } from './parse-errors.ts'
import { jobErrors } from './simulator-job-errors.ts'

const refuse = (status: number, detail: unknown = null, headers: Record<string, string> = {}, creates = false) =>
  failureOfRefusal({ status, detail, headers: new Headers(headers) }, 'The call', creates)

const codes: Record<string, FailureCode> = {
  'credits used up': 'provider_out_of_credits',
  'unknown job': 'call_invalid',
  'Markdown of the fast tier': 'call_invalid',
  'empty file': 'call_invalid',
  'no file': 'call_invalid',
  'unknown field of an upload': 'call_invalid',
  'server error': 'provider_unavailable',
}
for (const { name, status, body } of refusals) {
  test(`I8: ${name}: ${codes[name]}, without what LlamaCloud wrote`, () => {
    const failure = refuse(status, body.detail)
    assert.equal(failure.code, codes[name])
    assert.ok(failure.message.includes(`HTTP ${status}`))
    assert.ok(!failure.message.includes(body.detail.slice(0, 20)))
  })
}

const statuses: [status: number, other: FailureCode, creating: FailureCode][] = [
  [400, 'call_invalid', 'call_invalid'],
  [401, 'provider_key_refused', 'provider_key_refused'],
  [402, 'provider_out_of_credits', 'provider_out_of_credits'],
  [403, 'provider_key_refused', 'provider_key_refused'],
  [404, 'call_invalid', 'call_invalid'],
  [408, 'provider_unavailable', 'call_outcome_unknown'],
  [413, 'document_too_large', 'document_too_large'],
  [422, 'call_invalid', 'call_invalid'],
  [429, 'provider_rate_limited', 'provider_rate_limited'],
  [500, 'provider_unavailable', 'call_outcome_unknown'],
  [503, 'provider_unavailable', 'call_outcome_unknown'],
  [524, 'provider_unavailable', 'call_outcome_unknown'],
]
for (const [status, other, creating] of statuses) {
  test(`HTTP ${status} is ${other}, and ${creating} where a job may have been created`, () => {
    assert.equal(refuse(status).code, other)
    assert.equal(refuse(status, null, {}, true).code, creating)
  })
}

test('"No quota left" is a lack of credits whatever the status', () => {
  assert.equal(refuse(403, 'No quota left to create a job').code, 'provider_out_of_credits')
})

test('faulty fields are named, their values are not', () => {
  const secret = 'secret-of-the-webhook'
  const list = [{ type: 'extra_forbidden', loc: ['body', 'take_screenshot'], msg: secret, input: secret }]
  assert.match(refuse(422, list).message, /\(HTTP 422, fields body\.take_screenshot: extra_forbidden\)/)
  assert.doesNotMatch(refuse(422, list).message, /secret/)
  const text = `Invalid configuration: 1 validation error for X\nversion\n  Value error [type=value_error, input_value='${secret}', input_type=str]`
  assert.match(refuse(400, text).message, /\(HTTP 400, fields version: value_error\)/)
  assert.doesNotMatch(refuse(400, text).message, /secret/)
  for (const odd of [[null], [{}], [{ loc: ['a b'], type: 1 }], {}, 7])
    assert.match(refuse(422, odd).message, /\(HTTP 422\)/)
})

test('P18: Retry-After is honoured where there is one, and none is made up', () => {
  assert.equal(refuse(429).retryAfterMs, undefined)
  assert.equal(refuse(429, null, { 'retry-after': '7' }).retryAfterMs, 7000)
  const date = 'Mon, 23 Nov 2026 12:00:00 GMT'
  assert.equal(readRetryAfterMs(new Headers({ date, 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' })), 9000)
  for (const odd of ['', 'soon', '-1']) assert.equal(readRetryAfterMs(new Headers({ 'retry-after': odd })), undefined)
})

const jobCodes: Record<(typeof jobErrors)[number], FailureCode> = {
  UNSUPPORTED_FILE_TYPE: 'file_type_unsupported',
  PDF_IS_PROTECTED: 'document_encrypted',
  PDF_IS_BROKEN: 'document_corrupt',
  NO_DATA_FOUND_IN_FILE: 'document_without_text',
  DOCUMENT_TOO_LARGE: 'document_too_large',
  TOO_MANY_PAGES: 'document_too_large',
  TIMEOUT: 'remote_parse_timed_out',
  INTERNAL_ERROR: 'remote_parse_failed',
}
for (const jobError of jobErrors) {
  test(`I22: ${jobError} becomes ${jobCodes[jobError]} and is kept`, () => {
    for (const message of [jobError, `${jobError}: of salaries`, `Error: ${jobError}: of salaries`]) {
      const failure = failureOfJob(message, 'pjb-1', 'document-1')
      assert.equal(failure.code, jobCodes[jobError])
      assert.match(failure.message, new RegExp(`document document-1: .* \\(${jobError}, job pjb-1\\)`))
      assert.ok(causeChain(failure)?.startsWith(`LlamaParseError [${jobError}]: job pjb-1`))
      assert.doesNotMatch(`${failure.message} ${causeChain(failure)}`, /salaries/)
    }
  })
}

test('a reason that is not known is a failure of the provider; its code is kept when it begins with one', () => {
  const unknown = failureOfJob('OCR_BROKE_DOWN: of salaries', 'pjb-1', 'document-1')
  assert.deepEqual([unknown.code, /OCR_BROKE_DOWN/.test(unknown.message)], ['remote_parse_failed', true])
  for (const message of [null, '', 'It was about SALARIES_OF_STAFF']) {
    const failure = failureOfJob(message, 'pjb-1', 'document-1')
    assert.equal(failure.code, 'remote_parse_failed')
    assert.doesNotMatch(failure.message, /SALARIES/)
  }
})
