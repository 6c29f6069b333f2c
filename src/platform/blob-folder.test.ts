import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { openBlobFolder } from './blob-folder.fs.ts'

const root = mkdtempSync(join(tmpdir(), 'sluice-blobs-'))
after(() => rmSync(root, { recursive: true }))

const blobs = await openBlobFolder(root, randomUUID, true)
const hourMs = 3600_000
const never = new AbortController().signal

async function file(text: string): Promise<{ sha256: Buffer; path: string }> {
  const received = await blobs.receive('acme', Readable.from([Buffer.from(text)]), 1_000)
  await received.keep()
  await received.discard()
  return { sha256: received.sha256, path: await blobs.verifiedPath('acme', received.sha256, never) }
}

function age(path: string): void {
  const before = new Date(Date.now() - 2 * hourMs)
  utimesSync(path, before, before)
}

async function listed(): Promise<string[]> {
  const found = await Array.fromAsync(blobs.list(hourMs))
  return found.map(({ owner, sha256 }) => `${owner}/${sha256.toString('hex')}`)
}

test('only blobs older than asked for are listed, and an old one is removed', async () => {
  const young = await file('young')
  const old = await file('old')
  age(old.path)
  assert.deepEqual(await listed(), [`acme/${old.sha256.toString('hex')}`])
  await blobs.removeOld('acme', old.sha256, hourMs)
  assert.ok(!existsSync(old.path))
  assert.ok(existsSync(young.path))
})

test('a blob that is filed again after it was listed as old stays', async () => {
  const { sha256, path } = await file('sent twice')
  age(path)
  assert.equal((await listed()).length, 1)
  await file('sent twice')
  await blobs.removeOld('acme', sha256, hourMs)
  assert.equal(await blobs.verifiedPath('acme', sha256, never), path)
  assert.deepEqual(readdirSync(join(root, '.incoming')), [])
})

test('what a dead process left of its uploads is deleted at the next start', async () => {
  const received = await blobs.receive('acme', Readable.from([Buffer.from('half')]), 1_000)
  assert.ok(existsSync(received.path))
  await openBlobFolder(root, randomUUID, true)
  assert.ok(!existsSync(received.path))
})
