import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { expandPaths, mediaTypeOf, readBytes } from './expand-paths.fs.ts'

let folder = ''
const files = [
  'a.md',
  'b.PDF',
  'data.bin',
  'deep/er/c.txt',
  'deep/10.md',
  'deep/9.md',
  '.hidden.md',
  '.git/x.md',
  'node_modules/p/y.md',
  'odd [1].md',
]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-paths-'))
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), `text of ${file}`)
  }
  await symlink(folder, join(folder, 'deep/loop'))
})
after(() => rm(folder, { recursive: true }))

const labels = async (...patterns: string[]) => (await expandPaths(patterns, folder)).map(file => file.label)

test('a folder is searched to the bottom for known types, without hidden files and node_modules', async () => {
  assert.deepEqual(await labels('.'), ['a.md', 'b.PDF', 'deep/9.md', 'deep/10.md', 'deep/er/c.txt', 'odd [1].md'])
  assert.deepEqual(await labels(folder), await labels('.'))
})

test('globs match, and what is named twice is taken once', async () => {
  assert.deepEqual(await labels('**/*.md', 'a.md', './deep'), [
    'a.md',
    'deep/9.md',
    'deep/10.md',
    'deep/er/c.txt',
    'odd [1].md',
  ])
  assert.deepEqual(await labels('{a,b}.*'), ['a.md', 'b.PDF'])
})

test('a file that is named as such is taken whatever its type, hidden or odd', async () => {
  assert.deepEqual(await labels('data.bin', '.hidden.md', 'odd [1].md'), ['.hidden.md', 'data.bin', 'odd [1].md'])
})

test('what matches nothing is wrong usage and is named', async () => {
  await assert.rejects(labels('a.md', 'none.md'), { code: 'validation_failed', message: /none\.md/ })
  await assert.rejects(labels('a.md', '*.docx'), { code: 'validation_failed', message: /\*\.docx/ })
  await mkdir(join(folder, 'empty'), { recursive: true })
  await assert.rejects(labels('empty'), { code: 'validation_failed', message: /empty/ })
})

test('bytes are read as they are; a file that is gone is named', async () => {
  const [file] = await expandPaths(['a.md'], folder)
  assert.ok(file)
  assert.equal(Buffer.concat(await Array.fromAsync(await readBytes(file))).toString(), 'text of a.md')
  await assert.rejects(readBytes({ ...file, path: join(folder, 'gone.md'), label: 'gone.md' }), { message: /gone\.md/ })
})

test('the media type follows the extension', () => {
  assert.equal(mediaTypeOf('x.HTM'), 'text/html')
  assert.equal(mediaTypeOf('x.bin'), 'application/octet-stream')
})
