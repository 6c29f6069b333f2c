import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sumsCsv } from './cost-csv.ts'

const sums = {
  calls: 1,
  simulatedCalls: 0,
  units: { pages: '2', tokens: '0' },
  costNanoUsd: '-5',
  shadowNanoUsd: '9007199254740993',
  heldNanoUsd: '3',
  inDoubtNanoUsd: '1',
  avoidedNanoUsd: '0',
  avoidedShadowNanoUsd: '7',
}

test('the columns follow the keys, and a document has its name beside its id', () => {
  const csv = sumsCsv(['day', 'document'])
  assert.equal(
    csv.head,
    'day,documentId,fileName,calls,simulatedCalls,pages,tokens,costNanoUsd,shadowNanoUsd,' +
      'heldNanoUsd,inDoubtNanoUsd,avoidedNanoUsd,avoidedShadowNanoUsd\r\n',
  )
  const row = { day: '2026-11-23', documentId: null, fileName: null, ...sums }
  assert.equal(csv.lines([row, row]), '2026-11-23,,,1,0,2,0,-5,9007199254740993,3,1,0,7\r\n'.repeat(2))
})

test('names with quotes, commas and line breaks are quoted, and none is run as a formula', () => {
  const nameOf = (model: string) =>
    sumsCsv(['model'])
      .lines([{ model, ...sums }])
      .split(',1,0,2,0,')[0]
  assert.equal(nameOf('a "b", c\nd'), '"a ""b"", c\nd"')
  assert.equal(nameOf('=1+1'), "'=1+1")
  assert.equal(nameOf('@x'), "'@x")
  assert.equal(nameOf('-x'), "'-x")
  assert.equal(nameOf('text-embedding-3-small'), 'text-embedding-3-small')
})
