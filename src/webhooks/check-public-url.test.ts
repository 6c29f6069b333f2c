import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPublicUrl, webhookUrl } from './check-public-url.ts'

const check = (url: string, allowPrivate = false) => checkPublicUrl(url, { allowPrivate })

test('I7: an address that LlamaParse would refuse is refused, with what it would do and what else to do', () => {
  for (const url of ['https://localhost:8480', 'https://10.0.0.7', 'https://[::1]', 'https://sluice.internal/x']) {
    assert.throws(() => check(url), {
      code: 'configuration_invalid',
      message: new RegExp(`^SLUICE_PUBLIC_URL is "${RegExp.escape(url)}".*LlamaParse would refuse.*or leave it empty`),
    })
  }
  assert.throws(() => check('http://sluice.example.com'), {
    code: 'configuration_invalid',
    message: /without encryption/,
  })
})

test('an address is http or https, and has neither a password, a query nor a fragment', () => {
  for (const url of [
    'sluice.example.com',
    'ftp://sluice.example.com',
    'https://a.example.com?x=1',
    'https://a.example.com#x',
  ]) {
    for (const allowPrivate of [true, false])
      assert.throws(() => check(url, allowPrivate), { code: 'configuration_invalid' })
  }
  assert.throws(
    () => check('https://me:hidden@sluice.example.com'),
    (error: Error) => !error.message.includes('hidden'),
  )
})

test('public addresses are taken; private ones and http where nothing leaves the machine', () => {
  check('https://sluice.example.com')
  check('https://sluice.example.com:8443/behind/a/path/')
  check('http://127.0.0.1:8480', true)
})

test('the path of the webhooks is put behind the address', () => {
  assert.equal(webhookUrl('https://a.example.com'), 'https://a.example.com/v1/webhooks/llamaparse')
  assert.equal(webhookUrl('https://a.example.com/x//'), 'https://a.example.com/x/v1/webhooks/llamaparse')
})
