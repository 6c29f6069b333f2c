import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothDatabases } from './harness/databases.ts'
import { forkServer } from './harness/fork-server.ts'
import { apiKey } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const secret = 'llx-hidden-key'
const content = 'a heron named Sigismund'

onBothDatabases('one document through all processes', createPlace => {
  test('the log has its ids on every line about it, and neither content nor secrets', async () => {
    const place = await createPlace()
    const environment = { ...place.environment, SLUICE_LOG_LEVEL: 'trace', LLAMA_CLOUD_API_KEY: secret }
    const server = await forkServer(environment)
    const formOf = (name: string, text: string) => {
      const form = new FormData()
      form.append('file', new Blob([text]), name)
      return form
    }
    const headers = { traceparent, 'x-correlation-id': 'correlation-of-the-test' }
    const whole = formOf('sigismund.md', `# Birds\n\nThere is ${content}.`)
    const broken = formOf('sigismund.pdf', `%PDF-1.7\n${content}`)
    for (const form of [whole, broken]) await server.client.request('POST', '/v1/documents', form, headers)
    await server.client.request('POST', '/v1/search', { query: content }, headers)
    const about = (message: RegExp) =>
      until(`the log says ${message}`, async () => server.log().find(line => message.test(String(line.msg))))
    const lines = [
      await about(/^request answered/),
      await about(/^provider called/),
      await about(/^stage ended/),
      await until('a failure is told', async () => server.log().find(line => line.final !== undefined)),
    ]
    await server.close()
    await place.remove()
    for (const line of lines) {
      assert.equal(line.traceId, traceId, JSON.stringify(line))
      assert.equal(line.correlationId, 'correlation-of-the-test')
    }
    for (const hidden of [secret, apiKey, 'Sigismund', 'sigismund', 'heron'])
      assert.ok(!server.written().includes(hidden), `${hidden} is told`)
  })
})
