import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeText } from './decode-text.ts'

test('marks, UTF-8, UTF-16 and 8-bit text are decoded, line ends become one', () => {
  assert.equal(decodeText(Buffer.from('\ufeffgrüße\r\n字\rend')), 'grüße\n字\nend')
  assert.equal(decodeText(Buffer.from('\ufeffgrüße', 'utf16le')), 'grüße')
  assert.equal(decodeText(Buffer.from('\ufeffgrüße', 'utf16le').swap16()), 'grüße')
  assert.equal(decodeText(Buffer.from('gr\xfc\xdfe', 'latin1')), 'grüße')
  assert.equal(decodeText(Buffer.from('gr\xfc\xdfe', 'latin1'), 'no-such-charset'), 'grüße')
})

test('bytes that are no text are mislabelled', () => {
  for (const bytes of [Buffer.from('text\0text'), Buffer.from(Array.from({ length: 256 }, (_, i) => i).slice(1))])
    assert.throws(() => decodeText(bytes), { code: 'document_mislabelled' })
})
