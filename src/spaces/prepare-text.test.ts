import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newestRevision, prepareText, revisions } from './prepare-text.ts'

const prepare = (text: string) => prepareText(text, newestRevision)

test('revision 1 leaves a text as it is, and an unknown one is refused', () => {
  assert.equal(prepareText(' a\r\n\u0000 b ', '1'), ' a\r\n\u0000 b ')
  assert.throws(() => prepareText('a', '99'), /revision 99/)
})

test('revision 2: what looks the same is the same', () => {
  assert.equal(prepare('Cafe\u0301'), 'Caf\u00e9')
  assert.equal(prepare('a \t\u00a0 b'), 'a b')
  assert.equal(prepare('a\r\n\r\n\r\n\r\nb  \n  c'), 'a\n\nb\nc')
  assert.equal(prepare('\ufeff  a\u0007b\n'), 'ab')
  assert.equal(prepare(' \n\t'), ' \n\t', 'a text of nothing else stays, so that no empty one is sent')
})

test('revision 2 prepares what is prepared no further, and leaves no text empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), text => {
      const once = prepare(text)
      assert.notEqual(once, '')
      assert.equal(prepare(once), once)
    }),
  )
})

test('every revision that was ever used can still be prepared', () => {
  for (const revision of revisions) assert.equal(prepareText('plain text', revision), 'plain text')
})
