import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { PrivateAddressError, post, publicLookup } from './post-public.http.ts'

let requests = 0
const server = createServer((_request, response) => {
  requests++
  response.writeHead(302, { location: 'http://127.0.0.1:1/', 'retry-after': '7' }).end()
})
let url = ''
before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(() => server.close())

const letter = { headers: {}, body: '{}', timeoutMs: 2_000 }

test('nothing is sent to a private address, unless that is allowed; redirects are not followed', async () => {
  await assert.rejects(post({ ...letter, url, allowPrivate: false }), /127\.0\.0\.1 is not an address in the internet/)
  assert.equal(requests, 0)
  assert.deepEqual(await post({ ...letter, url, allowPrivate: true }), { status: 302, retryAfter: '7' })
  assert.equal(requests, 1)
})

/** What a lookup gives when the name leads to these addresses. */
function find(addresses: readonly string[], all: boolean): Promise<string | readonly unknown[]> {
  const found = addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  const lookup = publicLookup((_hostname, _options, callback) => callback(null, found))
  return new Promise((resolve, reject) => {
    lookup('alerts.example.com', { all }, (error, given) => (error ? reject(error) : resolve(given)))
  })
}

test('a public name that leads to a private address is refused, be it one of several', async () => {
  for (const hidden of ['10.0.0.7', '127.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.7']) {
    await assert.rejects(find([hidden], true), /alerts\.example\.com .* is not an address in the internet/)
    await assert.rejects(find(['93.184.216.34', hidden], false), PrivateAddressError)
  }
  assert.equal(await find(['93.184.216.34'], false), '93.184.216.34')
  assert.equal((await find(['93.184.216.34', '2606:2800:220:1::1'], true)).length, 2)
})

test('who does not answer is not waited for', async () => {
  const silent = createServer(() => {})
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  const asked = post({ ...letter, url: `http://127.0.0.1:${port}/`, timeoutMs: 50, allowPrivate: true })
  await assert.rejects(asked, /no answer within 0\.05 s/)
  silent.closeAllConnections()
  silent.close()
})
