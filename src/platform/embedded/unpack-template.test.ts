import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { unpackTemplate } from './unpack-template.fs.ts'

const template = fileURLToPath(new URL('../../../assets/embedded-template.tar.br', import.meta.url))
let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-template-'))
  dataDir = join(folder, 'database')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the template unpacks to a whole data directory that only its owner can read', async () => {
  await unpackTemplate(template, dataDir)
  assert.ok(statSync(join(dataDir, 'global', 'pg_control')).size >= 8192)
  assert.equal(statSync(join(dataDir, 'base')).isDirectory(), true)
  assert.equal(statSync(dataDir).mode & 0o077, 0)
  assert.equal(statSync(join(dataDir, 'PG_VERSION')).mode & 0o077, 0)
  assert.deepEqual(readdirSync(folder), ['database'])
})

test('what an earlier process left half unpacked is not used', async () => {
  mkdirSync(`${dataDir}.unpacking`)
  writeFileSync(join(`${dataDir}.unpacking`, 'leftover'), 'x')
  await unpackTemplate(template, dataDir)
  assert.equal(existsSync(join(dataDir, 'leftover')), false)
  assert.equal(existsSync(join(dataDir, 'PG_VERSION')), true)
})

test('a folder that holds something is left alone', async () => {
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'notes.txt'), 'mine')
  await assert.rejects(unpackTemplate(template, dataDir), { code: 'ENOTEMPTY' })
  assert.deepEqual(readdirSync(dataDir), ['notes.txt'])
})

test('a damaged template leaves no data directory', async () => {
  const damaged = join(folder, 'damaged.tar.br')
  writeFileSync(damaged, brotliCompressSync(Buffer.alloc(4096, 'x')).subarray(0, 10))
  await assert.rejects(unpackTemplate(damaged, dataDir))
  assert.equal(existsSync(dataDir), false)
})
