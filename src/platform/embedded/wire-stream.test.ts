import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { WireStream } from './wire-stream.ts'

const silent = `require('node:worker_threads').parentPort.on('message', ({ kind }) => kind === 'disconnect' || setTimeout(() => process.exit(1), 50))`

test('when the database thread ends, what was asked fails instead of waiting for ever, and so does what comes later', async () => {
  const thread = new Worker(silent, { eval: true })
  await once(thread, 'online')
  const connect = async () => {
    const client = new pg.Client({ stream: () => new WireStream(thread, 0) as never })
    client.on('error', () => {})
    await client.connect()
  }
  const unavailable = { code: 'database_unavailable' }
  const [, asked] = await Promise.all([once(thread, 'exit'), connect().catch((error: unknown) => error)])
  assert.equal((asked as { code?: string }).code, unavailable.code)
  await assert.rejects(connect(), unavailable)
})
