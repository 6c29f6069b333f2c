import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../contract/failure.ts'
import { createLog } from './create-log.ts'

test('I32: what libraries hang on errors and requests is not in the log; what happened is', () => {
  let written = ''
  const write = (line: string) => {
    written += line
  }
  const log = createLog('trace', { write })
  const cause = Object.assign(new Error('socket closed'), {
    code: 'ECONNRESET',
    headers: { authorization: 'Bearer sk-hidden-1' },
    request: { body: 'hidden-2' },
    detail: 'Failing row contains (hidden-3).',
  })
  const error = new AppError('provider_unavailable', 'LlamaParse did not answer.', { cause })
  log.error({ err: error, cause, headers: { cookie: 'hidden-4' } }, 'a call failed')
  log.warn({ apiKey: 'hidden-5', call: { authorization: 'hidden-6', body: 'hidden-7' } }, 'one more')
  const request = { method: 'GET', url: '/v1/search?query=hidden-8', headers: { authorization: 'hidden-9' } }
  log.info({ req: request, res: { headers: 'hidden-0' } }, 'a request')
  assert.doesNotMatch(written, /hidden-\d/)
  assert.match(written, /provider_unavailable.*LlamaParse did not answer.*\[ECONNRESET\]: socket closed/)
  assert.match(written, /"path":"\/v1\/search"/)
})
