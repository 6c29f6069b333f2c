import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CollectedSpan, type Collector, startCollector } from './harness/collector.ts'
import { onBothDatabases } from './harness/databases.ts'
import { type ForkedServer, forkServer } from './harness/fork-server.ts'
import { startOpenAiServer } from './harness/open-ai-server.ts'
import { apiKey } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const correlationId = 'correlation-of-the-test'
const hidden = ['sigismund', 'Sigismund', 'heron', apiKey, 'sk-test', 'llx-hidden-key', 'of the collector']

onBothDatabases('a document through all processes', (createPlace, kind) => {
  const processes = kind === 'postgres' ? 2 : 1
  let collector: Collector
  let servers: ForkedServer[] = []
  let jobId = ''

  // One uploads and searches; on PostgreSQL another one works.
  before(async () => {
    const place = await createPlace()
    const openAi = await startOpenAiServer()
    collector = await startCollector()
    const environment = {
      ...place.environment,
      ...openAi.environment,
      LLAMA_CLOUD_API_KEY: 'llx-hidden-key',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of%20the%20collector',
      SLUICE_LOG_LEVEL: 'trace',
    }
    const api = await forkServer({ ...environment, SLUICE_WORKERS: processes === 1 ? 'on' : 'off' })
    servers = processes === 1 ? [api] : [api, await forkServer(environment)]
    const headers = { traceparent, 'x-correlation-id': correlationId }
    const upload = async (name: string, text: string) => {
      const form = new FormData()
      form.append('file', new Blob([text]), name)
      const { body } = await api.client.request<{ document: { job: { jobId: string } } }>(
        'POST',
        '/v1/documents',
        form,
        headers,
      )
      return body.document.job.jobId
    }
    jobId = await upload('sigismund.md', '# Birds\n\nThere is a heron named Sigismund.')
    await until('it is done', async () => (await api.client.job(jobId)).state === 'succeeded')
    await api.client.request('POST', '/v1/search', { query: 'heron' }, headers)
    await upload('sigismund.pdf', '%PDF-1.7\na heron named Sigismund')
    const log = () => servers.flatMap(server => server.log())
    await until('the log tells a failure', async () => log().find(line => line.final !== undefined))
    await Promise.all(servers.map(server => server.close()))
    await Promise.all([collector.close(), openAi.close(), place.remove()])
  })
  after(async () => {
    await Promise.all(servers.map(server => server.close()))
  })

  test('I32: its trace has the upload, each stage and each call, whichever process did them, and no content', () => {
    const spans = collector.spans.filter(span => span.traceId === traceId)
    const ofJob = spans.filter(span => span.facts['sluice.job_id'] === jobId)
    const stage = (name: string): CollectedSpan => {
      const found = ofJob.filter(span => span.name === `stage ${name}`)
      assert.equal(found.length, 1, `${name} is there once`)
      return found[0] ?? assert.fail()
    }
    const upload = spans.find(span => span.spanId === stage('parse').parentSpanId)
    assert.equal(upload?.name, 'POST /v1/documents')
    assert.equal(upload.parentSpanId, '00f067aa0ba902b7', 'it is below who sent it')
    for (const name of ['parse', 'chunk', 'embed', 'publish']) {
      assert.equal(stage(name).parentSpanId, upload.spanId)
      assert.equal(stage(name).facts['sluice.outcome'], 'done')
    }
    const below = (name: string) => spans.filter(span => span.parentSpanId === stage(name).spanId)
    assert.deepEqual(
      [below('parse').map(s => s.name), below('embed').map(s => s.name)],
      [['parse local'], ['embed openai']],
    )
    const [embed] = below('embed')
    assert.deepEqual([embed?.facts['sluice.mode'], embed?.facts['sluice.simulated']], ['real', false])
    assert.ok(Array.isArray(embed?.facts['sluice.reasons']) && embed.facts['sluice.reasons'].length > 0)
    assert.equal(new Set(spans.map(span => span.pid)).size, processes, 'processes')
    assert.equal(collector.headers.get('x-key'), 'of the collector')
    for (const secret of hidden) assert.ok(!collector.received.includes(secret), `${secret} is told`)
  })

  test('I32: the log has its ids on every line about it, and neither content nor secrets', () => {
    const lines = servers.flatMap(server => server.log())
    const about = (message: string) =>
      lines.filter(line => line.msg === message && line.correlationId === correlationId)
    for (const message of ['request answered', 'provider called', 'stage ended']) {
      assert.ok(about(message).length > 0, message)
      for (const line of about(message)) assert.equal(line.traceId, traceId, JSON.stringify(line))
    }
    const failed = lines.find(line => line.final !== undefined)
    assert.deepEqual([failed?.traceId, failed?.correlationId], [traceId, correlationId])
    const written = servers.map(server => server.written()).join('')
    for (const secret of hidden) assert.ok(!written.includes(secret), `${secret} is told`)
  })
})
