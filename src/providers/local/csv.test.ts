import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCsv } from './csv.ts'

const limits = { path: '', fileType: 'csv', maxUnpackedBytes: 1e7, maxTextBytes: 1e6, ocr: null } as const
const table = '| name | size |\n| --- | --- |\n| a, b | 1 |\n| c | 2 |'

test('comma, semicolon, tab and pipe are told apart, quotes or not', async () => {
  for (const text of [
    'name,size\n"a, b",1\nc,2\n',
    'name;size\r\na, b;1\r\nc;2\r\n',
    'name\tsize\na, b\t1\nc\t2',
    'name|size\n"a, b"|1\n\nc|2',
    '\ufeffname;size\n"a, b";1\n;\nc;2',
  ])
    assert.equal((await parseCsv(Buffer.from(text), limits)).pages[0]?.markdown, table)
})

test('rows of different lengths and cells with line breaks fit the table', async () => {
  const { pages } = await parseCsv(Buffer.from('a,b\n1\n1,"2\n3",4\n'), limits)
  assert.equal(pages[0]?.markdown, '| a | b |  |\n| --- | --- | --- |\n| 1 |  |  |\n| 1 | 2 3 | 4 |')
})

test('a quote that never closes is kept as text, with a note', async () => {
  const { pages, notes } = await parseCsv(Buffer.from('a,b\n"x,1\ny,2\n'), limits)
  assert.match(pages[0]?.markdown ?? '', /\| "x \| 1 \|\n\| y \| 2 \|/)
  assert.match(notes[0] ?? '', /quotes/)
})
