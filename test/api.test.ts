import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { failureCodes } from '../src/contract/failure.ts'
import type { JobView } from '../src/contract/job-view.ts'
import { problemSchema } from '../src/contract/problem.ts'
import type { ServerReport } from '../src/contract/server-report.ts'
import { onBothDatabases } from './harness/databases.ts'
import { closing, fileHead, rawUpload } from './harness/raw-upload.ts'
import { type Answer, apiKey, createClient } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const nobodys = '0199aaaa-0000-7000-8000-000000000000'

/** What documents and jobs have in common in their lists. */
interface List {
  items: { documentId: string; fileName: string }[]
  nextCursor: string | null
}

onBothDatabases('the API', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WORKERS: 'off' })

  test('every failure is problem+json with a code, what to do, and the correlation id of the answer', async () => {
    const badSearch = JSON.stringify({ query: '', k: 0 })
    const post = (path: string, body: string, type = 'application/json') =>
      send(path, { method: 'POST', body, headers: { 'content-type': type } })
    const send = (path: string, init: RequestInit = {}) =>
      fetch(sluice().server.url + path, {
        ...init,
        headers: { authorization: `Bearer ${apiKey}`, ...(init.headers as Record<string, string>) },
      })
    const cases: [status: number, code: string, answer: Promise<Response>][] = [
      [401, 'unauthorized', fetch(`${sluice().server.url}/v1/documents`)],
      [401, 'unauthorized', send('/v1/documents', { headers: { authorization: 'Bearer sk-sluice-wrong' } })],
      [401, 'unauthorized', send('/v1/search', { method: 'POST', headers: { authorization: `Basic ${apiKey}` } })],
      [404, 'not_found', send('/v1/nothing')],
      [404, 'not_found', send('/')],
      [404, 'not_found', send('/v1/documents', { method: 'PUT' })],
      [404, 'document_not_found', send(`/v1/documents/${nobodys}`)],
      [404, 'document_not_found', send(`/v1/documents/${nobodys}/pages/1`)],
      [404, 'document_not_found', send(`/v1/documents/${nobodys}`, { method: 'DELETE' })],
      [404, 'job_not_found', send(`/v1/jobs/${nobodys}`)],
      [404, 'job_not_found', send(`/v1/jobs/${nobodys}/cancel`, { method: 'POST' })],
      [404, 'not_found', send(`/v1/keys/default/${nobodys}`, { method: 'DELETE' })],
      [400, 'validation_failed', send('/v1/documents/not-an-id')],
      [400, 'validation_failed', send('/v1/documents?limit=0')],
      [400, 'validation_failed', send('/v1/documents?cursor=bm90IG91cnM')],
      [400, 'validation_failed', send('/v1/jobs?state=asleep')],
      [400, 'validation_failed', post('/v1/search', badSearch)],
      [400, 'validation_failed', post('/v1/search', '{"query":')],
      [400, 'validation_failed', post('/v1/search', '')],
      [400, 'validation_failed', post('/v1/search', 'query=x', 'text/plain')],
      [400, 'validation_failed', post('/v1/search', JSON.stringify({ query: 'nul \u0000 byte' }))],
      [400, 'validation_failed', post('/v1/documents', '{}')],
    ]
    for (const [i, [status, code, answer]] of cases.entries()) {
      const response = await answer
      const body: unknown = await response.json()
      assert.deepEqual(
        [response.status, (body as { code: string }).code],
        [status, code],
        `case ${i}: ${JSON.stringify(body)}`,
      )
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
      const problem = problemSchema.parse(body)
      assert.equal(problem.status, status)
      assert.equal(problem.correlationId, response.headers.get('x-correlation-id'))
      assert.ok(problem.action.length > 0 && problem.detail.length > 0)
    }
  })

  test('the client may choose the correlation id; one that could spoil a log is replaced', async () => {
    const ask = async (id: string) =>
      (await sluice().request('GET', '/v1/documents', undefined, { 'x-correlation-id': id })).headers.get(
        'x-correlation-id',
      )
    assert.equal(await ask('trace-1:a.b'), 'trace-1:a.b')
    assert.match((await ask('a b {"x":1}')) ?? '', /^[0-9a-f-]{36}$/)
  })

  test('metadata that no database can hold is refused, and not with an error of ours', async () => {
    const part = '--sluice-test-boundary\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n'
    for (const [i, value] of [
      String.raw`{"a":"\u0000"}`,
      String.raw`{"a\u0000b":1}`,
      String.raw`{"a":"\ud800"}`,
    ].entries()) {
      const pieces = [`${part}${value}\r\n`, fileHead('m.txt'), `words ${i}`, closing]
      const { status, body } = await rawUpload(sluice().server.url, apiKey, pieces)
      assert.deepEqual([status, body.code], [400, 'validation_failed'], value)
    }
  })

  test('a failure of ours does not tell its insides', async () => {
    await sluice().sql('ALTER TABLE sluice.documents RENAME TO hidden')
    const { status, body } = await sluice().request<{ code: string; detail: string }>('GET', '/v1/documents')
    await sluice().sql('ALTER TABLE sluice.hidden RENAME TO documents')
    assert.equal(status, 500)
    assert.equal(body.code, 'internal_error')
    assert.doesNotMatch(JSON.stringify(body), /documents|hidden|SELECT/i)
    assert.equal((await sluice().request('GET', '/v1/documents')).status, 200)
  })

  test('lists are read page by page: each document once, newest first, also while others arrive', async () => {
    for (let i = 0; i < 25; i++) await sluice().upload(`page-${i}.txt`, `words of page ${i}`)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body }: Answer<List> = await sluice().request('GET', `/v1/documents?limit=4${more}`)
      assert.ok(body.items.length <= 4)
      seen.push(...body.items.map(item => item.fileName))
      cursor = body.nextCursor
      await sluice().upload(`later-${seen.length}.txt`, `later words ${seen.length}`)
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, i) => `page-${24 - i}.txt`),
    )
  })

  test('documents of the very same moment are not lost between pages', async () => {
    await sluice().sql(`UPDATE sluice.documents SET created_at = '2020-01-01T00:00:00.123456Z'`)
    await sluice().sql(`UPDATE sluice.jobs SET created_at = '2020-01-01T00:00:00.123456Z'`)
    for (const list of ['documents', 'jobs']) {
      const whole = await sluice().request<{ items: JobView[] }>('GET', `/v1/${list}?limit=200`)
      const ids: string[] = []
      let path: string | null = `/v1/${list}?limit=7`
      while (path !== null) {
        const { body }: Answer<List> = await sluice().request('GET', path)
        ids.push(...body.items.map(item => item.documentId))
        path = body.nextCursor && `/v1/${list}?limit=7&cursor=${body.nextCursor}`
      }
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(
        ids,
        whole.body.items.map(item => item.documentId),
      )
    }
  })

  test('jobs are listed by state and by document', async () => {
    const { body } = await sluice().upload('listed.txt', 'listed words')
    const { job, documentId } = body.document
    const ids = async (query: string) =>
      (await sluice().request<{ items: JobView[] }>('GET', `/v1/jobs?${query}`)).body.items.map(item => item.jobId)
    assert.deepEqual(await ids(`documentId=${documentId}`), [job.jobId])
    assert.deepEqual(await ids(`documentId=${documentId}&state=failed`), [])
    assert.ok((await ids('state=queued&limit=200')).includes(job.jobId))
  })

  test('the OpenAPI document is 3.1 and lists every endpoint with its failures', async () => {
    type Operation = { summary?: string; responses: Record<string, unknown> }
    const { body } = await sluice().request<{ openapi: string; paths: Record<string, Record<string, Operation>> }>(
      'GET',
      '/openapi.json',
    )
    assert.match(body.openapi, /^3\.1\./)
    const listed = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    assert.deepEqual(listed.sort(), [...routesInSource(), 'GET /healthz', 'GET /readyz'].sort())
    for (const [path, methods] of Object.entries(body.paths)) {
      for (const operation of Object.values(methods)) {
        assert.ok(operation.summary, path)
        if (path.startsWith('/v1/')) assert.ok(operation.responses['4XX'], path)
      }
    }
    assert.ok(
      failureCodes.every(code => JSON.stringify(body).includes(`"${code}"`)),
      'every code is documented',
    )
  })

  test('the reference page works offline: what it loads comes from this server', async () => {
    const { url } = sluice().server
    const page = await fetch(`${url}/docs/`)
    assert.match(page.headers.get('content-type') ?? '', /text\/html/)
    const html = await page.text()
    const sources = [...html.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
    assert.ok(sources.length >= 2, html)
    for (const source of sources) {
      const address = new URL(source, `${url}/docs/`)
      assert.equal(address.origin, url)
      assert.equal((await fetch(address)).status, 200, source)
    }
  })

  test('/healthz and /readyz need no key', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await fetch(sluice().server.url + path)
      assert.deepEqual([answer.status, await answer.json()], [200, { status: 'ok' }])
    }
  })

  test('a key works until it is revoked, and at most 5 s longer; its secret is shown once', async () => {
    type Key = { keyId: string; secret?: string; revokedAt: string | null; tenantId: string }
    const created = await sluice().request<Key>('POST', '/v1/keys', { tenantId: 'keys', name: 'laptop' })
    assert.equal(created.status, 201)
    const { keyId, secret = '' } = created.body
    const client = createClient(sluice().server.url, secret)
    assert.equal((await client.request('GET', '/v1/documents')).status, 200)

    const list = async () => (await sluice().request<{ items: Key[] }>('GET', '/v1/keys')).body.items
    const listed = (await list()).find(key => key.keyId === keyId)
    assert.equal(listed?.revokedAt, null)
    assert.doesNotMatch(JSON.stringify(await list()), new RegExp(secret))
    const stored = await sluice().sql('SELECT k::text FROM sluice.api_keys k')
    assert.doesNotMatch(JSON.stringify(stored), new RegExp(secret.slice(10)))

    assert.equal((await sluice().request('DELETE', `/v1/keys/keys/${keyId}`)).status, 204)
    const revokedAt = Date.now()
    await until('the key is refused', async () => (await client.request('GET', '/v1/documents')).status === 401)
    assert.ok(Date.now() - revokedAt < 7_000, 'it worked on for too long')
    assert.ok((await list()).find(key => key.keyId === keyId)?.revokedAt)
    assert.equal((await sluice().request('DELETE', `/v1/keys/keys/${keyId}`)).status, 404)
  })

  test('doctor shows settings, checks and processes, and hides secrets', async () => {
    const { body } = await sluice().request<ServerReport>('GET', '/v1/doctor')
    const settings = new Map(body.settings.map(setting => [setting.name, setting.value]))
    assert.equal(settings.get('SLUICE_WORKERS'), 'off')
    assert.match(settings.get('DATABASE_URL') ?? '', /^(\*\*\*)?$/)
    assert.ok(body.checks.length > 0 && body.checks.every(check => check.ok))
    assert.deepEqual(
      body.processes.map(({ pid, runningJobs }) => ({ pid, runningJobs })),
      [{ pid: process.pid, runningJobs: 0 }],
    )
    assert.ok(body.databaseBytes > 1_000_000)
  })
})

/** Every route under src/app/http/routes, as the OpenAPI document writes it. */
function routesInSource(): string[] {
  const folder = new URL('../src/app/http/routes/', import.meta.url)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap(name => [
      ...readFileSync(new URL(name, folder), 'utf8').matchAll(/\.(get|post|put|patch|delete)\(\s*'(\/[^']*)'/g),
    ])
    .map(([, method = '', path = '']) => `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`)
}
