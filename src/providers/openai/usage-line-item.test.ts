import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelOfLineItem } from './usage-line-item.ts'

const models = ['text-embedding-3', 'text-embedding-3-small', 'text-embedding-3-large', 'a+b']

const items: [lineItem: string, model: string | null][] = [
  ['text-embedding-3-small, input', 'text-embedding-3-small'],
  ['text-embedding-3-small', 'text-embedding-3-small'],
  ['Text-Embedding-3-Small, batch input', 'text-embedding-3-small'],
  ['text-embedding-3-large-batch, input', 'text-embedding-3-large'],
  ['text-embedding-3-large-v2, input', 'text-embedding-3-large'],
  ['Embeddings: text-embedding-3-large-2026-10-01', 'text-embedding-3-large'],
  ['text-embedding-3, input', 'text-embedding-3'],
  ['text-embedding-3-huge, input', 'text-embedding-3-huge'],
  ['my-text-embedding-3-small, input', 'my-text-embedding-3-small'],
  ['text-embedding-ada-002-v2, input', 'text-embedding-ada-002-v2'],
  ['a+b, input', 'a+b'],
  ['aab, input', null],
  ['gpt-4o-2024-08-06, cached input', null],
  ['assistants api | file search', null],
  ['', null],
]
for (const [lineItem, model] of items) {
  test(`"${lineItem}" is about ${model}`, () => assert.equal(modelOfLineItem(lineItem, models), model))
}
