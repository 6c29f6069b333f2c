import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { AppError } from '../../contract/failure.ts'
import { openFakeServer } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { findServer } from './find-server.ts'

const signal = new AbortController().signal
const inProcess = { url: 'http://127.0.0.1:9', apiKey: 'inner', close: async () => {} }
const wish = { workers: true }
let server: Awaited<ReturnType<typeof openFakeServer>>
let dataDir = ''

before(async () => {
  server = await openFakeServer({})
})
after(() => server.close())
beforeEach(async context => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-find-'))
  const folder = dataDir
  if ('after' in context) context.after(() => rm(folder, { recursive: true }))
})

async function serverRuns(url = server.url) {
  await writeFile(join(dataDir, 'server.json'), JSON.stringify({ url, pid: 1 }))
  await writeFile(join(dataDir, 'local-key'), 'local-secret\n')
}

test('a named server is used with the given key', async () => {
  await serverRuns('http://127.0.0.1:1')
  const { io, opened } = testIo({
    inProcess,
    env: { SLUICE_URL: 'http://other:1', SLUICE_API_KEY: 'k1', SLUICE_DATA_DIR: dataDir },
  })
  const byEnvironment = await findServer(io, { color: true }, wish, signal)
  assert.deepEqual([byEnvironment.url, byEnvironment.apiKey, byEnvironment.inProcess], ['http://other:1', 'k1', false])
  const byOption = await findServer(io, { color: true, url: 'http://named:2', apiKey: 'k2' }, wish, signal)
  assert.deepEqual([byOption.url, byOption.apiKey], ['http://named:2', 'k2'])
  assert.deepEqual(opened, [])
})

test('a named server without a key is refused, unless it is the local one', async () => {
  await serverRuns()
  const { io } = testIo()
  await assert.rejects(findServer(io, { color: true, dataDir, url: 'http://named:2' }, wish, signal), {
    code: 'unauthorized',
  })
  await assert.rejects(findServer(io, { color: true, dataDir, url: 'named' }, wish, signal), {
    code: 'validation_failed',
  })
  const local = await findServer(io, { color: true, dataDir, url: `${server.url}/` }, wish, signal)
  assert.equal(local.apiKey, 'local-secret')
})

test('a server that runs on the data directory is used with its local key', async () => {
  await serverRuns()
  const { io, opened } = testIo({ inProcess, env: { SLUICE_DATA_DIR: dataDir } })
  const found = await findServer(io, { color: true }, wish, signal)
  assert.deepEqual([found.url, found.apiKey, found.inProcess], [server.url, 'local-secret', false])
  assert.deepEqual(opened, [])
})

test('a stale address, or none, leads to a server in this process', async () => {
  const { io, opened } = testIo({ inProcess, workingDirectory: dataDir })
  const none = await findServer(io, { color: true }, wish, signal)
  assert.deepEqual([none.url, none.apiKey, none.inProcess], ['http://127.0.0.1:9', 'inner', true])
  await serverRuns('http://127.0.0.1:1')
  assert.equal(
    (await findServer(io, { color: true, dataDir, tenant: 'acme' }, { workers: false }, signal)).inProcess,
    true,
  )
  assert.deepEqual(opened, [
    { dataDir: join(dataDir, '.sluice'), tenantId: 'default', workers: true },
    { dataDir, tenantId: 'acme', workers: false },
  ])
})

test('a tenant is refused where the key decides it, but not where keys are managed', async () => {
  await serverRuns()
  const { io } = testIo()
  const options = { color: true, dataDir, tenant: 'acme' }
  await assert.rejects(findServer(io, options, wish, signal), { code: 'validation_failed', message: /acme/ })
  assert.equal((await findServer(io, options, { workers: false, tenantDecidesNothing: true }, signal)).url, server.url)
})

test('when another process holds the data, a server that is just starting there is found', async () => {
  const inUse = new AppError('database_in_use', 'process 7 holds it')
  const { io } = testIo({
    openInProcess: async () => {
      setTimeout(() => void serverRuns(), 10)
      throw inUse
    },
  })
  assert.equal((await findServer(io, { color: true, dataDir }, wish, signal)).url, server.url)
  const other = testIo({ openInProcess: async () => Promise.reject(inUse) })
  await rm(join(dataDir, 'server.json'))
  await assert.rejects(findServer(other.io, { color: true, dataDir }, wish, signal), inUse)
})
