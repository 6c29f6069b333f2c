import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutations } from './__fixtures__/mutations.ts'
import { signBody, verifySignature } from './signature.ts'

const body = Buffer.from(
  '{"event_id": "0b8c", "event_type": "parse.success", "data": {"id": "pjb-1", "job_id": "pjb-1"}}',
)

test('a signature is that of OpenSSL: printf %s "$body" | openssl dgst -sha256 -hmac "$secret"', () => {
  const header = 'sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8'
  const quick = Buffer.from('The quick brown fox jumps over the lazy dog')
  assert.equal(signBody(quick, 'key'), header)
  assert.ok(verifySignature(quick, header, ['key']))
})

test('I31: what is not signed with one of the secrets is refused, whatever the header looks like', () => {
  const good = signBody(body, 'right')
  const hex = good.slice('sha256='.length)
  const headers = [
    '',
    'sha256=',
    hex,
    `sha1=${hex}`,
    `SHA256=${hex}`,
    `sha256=${hex.toUpperCase()}`,
    `${good} `,
    ` ${good}`,
  ]
  const more = [
    `${good}\n`,
    `${good}, ${good}`,
    `sha256=${hex.slice(2)}`,
    `${good}00`,
    `sha256=${'zz'.repeat(32)}`,
    'null',
    'é'.repeat(71),
  ]
  for (const header of [undefined, ...headers, ...more]) {
    assert.equal(verifySignature(body, header, ['right']), false, JSON.stringify(header))
  }
  assert.equal(verifySignature(body, good, []), false)
  assert.equal(verifySignature(body, good, ['wrong', 'Right', 'right ']), false)
  assert.equal(verifySignature(body, signBody(body, ''), ['', 'right']), false, 'an empty secret is none')
})

test('any of several secrets verifies, in any place', () => {
  for (const secret of ['old', 'new', 'sécret']) {
    assert.ok(verifySignature(body, signBody(body, secret), ['old', 'new', 'sécret']))
  }
})

test('I31: of 10,000 signed deliveries with one byte changed, none is accepted', () => {
  const secrets = ['old', 'new']
  let tried = 0
  for (const { rawBody, header } of mutations(body, signBody(body, 'new'), 10_000)) {
    assert.equal(verifySignature(rawBody, header, secrets), false, `${header} ${rawBody.toString('latin1')}`)
    tried++
  }
  assert.equal(tried, 10_000)
})
