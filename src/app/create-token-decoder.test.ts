import assert from 'node:assert/strict'
import { test } from 'node:test'
import { get_encoding } from 'tiktoken'
import { createTokenDecoder } from './create-token-decoder.ts'

const decode = createTokenDecoder()

test('tokens are the text that tiktoken made them of', () => {
  const encoding = get_encoding('cl100k_base')
  for (const text of ['hello world', '\ufeffGrößen — naïveté', '水泵 🚰👩‍🔧', ' \n\t\u0000 ', '<|endoftext|>'])
    assert.equal(decode([...encoding.encode(text, [], [])]), text)
  encoding.free()
})

test('no text: an unknown number, a special token, a character that is cut apart', () => {
  const encoding = get_encoding('cl100k_base')
  const parts = [...encoding.encode('🚰')]
  encoding.free()
  assert.ok(parts.length > 1)
  for (const tokens of [[100_257], [1e9], parts.slice(0, 1)]) assert.equal(decode(tokens), null)
})
