import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidArgumentError } from 'commander'
import { fileTypeList, metadataPair, wholeNumber } from './argument.ts'

test('metadata: text with =, JSON with :=, several are collected', () => {
  const first = metadataPair('team=water')
  assert.deepEqual(metadataPair('year:=2025', first), { team: 'water', year: 2025 })
  assert.deepEqual(metadataPair('formula=a=b:=c'), { formula: 'a=b:=c' })
  assert.deepEqual(metadataPair('tags:=["a"]'), { tags: ['a'] })
  for (const wrong of ['team', '=x', 'year:=20x']) assert.throws(() => metadataPair(wrong), InvalidArgumentError)
})

test('file types may be separated by commas or given apart', () => {
  assert.deepEqual(fileTypeList('docx', fileTypeList('PDF, csv')), ['pdf', 'csv', 'docx'])
  assert.throws(() => fileTypeList('pdf,exe'), InvalidArgumentError)
})

test('numbers are whole and within bounds', () => {
  const parse = wholeNumber(1, 100)
  assert.equal(parse('100'), 100)
  for (const wrong of ['0', '101', '1.5', '-1', '', 'ten', '1e1'])
    assert.throws(() => parse(wrong), InvalidArgumentError)
})
