import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readHighlights } from './read-highlights.ts'
import { marks } from './search.sql.ts'

test('marked words become their places in the text without marks', () => {
  const marked = `The ${marks.start}pump${marks.end} and the ${marks.start}pumps${marks.end}.`
  const text = 'The pump and the pumps.'
  assert.deepEqual(
    readHighlights(marked).map(({ start, end }) => text.slice(start, end)),
    ['pump', 'pumps'],
  )
})

test('no marks, no highlights; a mark without its partner marks nothing', () => {
  assert.deepEqual(readHighlights('nothing here'), [])
  assert.deepEqual(readHighlights(`an end${marks.end} without a start, a ${marks.start}start without an end`), [])
})

test('the places are right wherever the marks stand, also behind astral characters', () => {
  const piece = fc.record({ text: fc.string({ unit: 'grapheme', minLength: 1 }), marked: fc.boolean() })
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const marked = pieces.map(p => (p.marked ? marks.start + p.text + marks.end : p.text)).join('')
      const text = pieces.map(p => p.text).join('')
      const found = readHighlights(marked).map(({ start, end }) => text.slice(start, end))
      assert.deepEqual(
        found,
        pieces.filter(p => p.marked).map(p => p.text),
      )
    }),
  )
})
