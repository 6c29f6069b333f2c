import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multipartBody } from './multipart-body.ts'

test('the form is read back by a standard parser, bytes and names unchanged', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  async function* pieces() {
    yield bytes.subarray(0, 10)
    yield bytes.subarray(10)
  }
  const file = { fileName: 'Größe "水".pdf', mediaType: 'application/pdf', bytes: pieces() }
  const body = Buffer.concat(await Array.fromAsync(multipartBody('edge', { metadata: '{"a":"ü"}' }, file)))
  const form = await new Response(body, {
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
  }).formData()
  assert.equal(form.get('metadata'), '{"a":"ü"}')
  const read = form.get('file')
  assert.ok(read instanceof File)
  assert.equal(read.name, 'Größe "水".pdf')
  assert.equal(read.type, 'application/pdf')
  assert.deepEqual(new Uint8Array(await read.arrayBuffer()), bytes)
})
