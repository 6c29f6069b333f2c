import assert from 'node:assert/strict'
import { test } from 'node:test'
import base64Reply from './__fixtures__/reply-base64.json' with { type: 'json' }
import floatReply from './__fixtures__/reply-float.json' with { type: 'json' }
import { readEmbeddingsReply } from './embeddings-reply.ts'

const names = ['text 7 of 9', 'text 8 of 9']
const read = (reply: unknown) => readEmbeddingsReply(JSON.stringify(reply), names, 4, 'The request')
const expected = [Float32Array.of(0.5, -0.5, 0.5, 0.5), Float32Array.of(0.25, 0.75, -0.5, 0.375)]
const base64Of = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer).toBase64()
const withSecond = (embedding: unknown) => ({ ...base64Reply, data: [base64Reply.data[0], { index: 1, embedding }] })

test('I8: replies of the documented shape in both encodings give the same vectors', () => {
  assert.deepEqual(read(base64Reply), { vectors: expected, tokens: 9 })
  assert.deepEqual(read(floatReply), { vectors: expected, tokens: 9 })
})

test('vectors are put in the order of their index', () => {
  assert.deepEqual(read({ ...base64Reply, data: base64Reply.data.toReversed() }).vectors, expected)
})

test('fields that are new or missing but not used do no harm', () => {
  const { data, usage } = base64Reply
  assert.deepEqual(
    read({ data, usage: { prompt_tokens: usage.prompt_tokens }, brand: { new: true } }).vectors,
    expected,
  )
})

const wrongShapes = { 'no data': { usage: { prompt_tokens: 1 } }, 'no usage': { data: base64Reply.data }, null: null }
for (const [name, reply] of Object.entries({ ...wrongShapes, 'an embedding of neither kind': withSecond({ x: 1 }) })) {
  test(`I8: a reply with ${name} is malformed, and the message says where`, () => {
    assert.throws(() => read(reply), {
      code: 'provider_reply_malformed',
      message: /^The request was answered in an unknown shape: /,
    })
  })
}

test('I8: a reply that is not JSON is malformed, and is not quoted', () => {
  const readRaw = () => readEmbeddingsReply('<html>secret', names, 4, 'The request')
  assert.throws(readRaw, { code: 'provider_reply_malformed', message: /^The request was answered with 12 characters/ })
})

const wrongVectors: Record<string, [unknown, RegExp]> = {
  NaN: [base64Of(1, Number.NaN, 0, 0), /vector of text 8 of 9 holds a number that is not finite/],
  infinity: [base64Of(1, 2, -Infinity, 0), /text 8 of 9 holds a number that is not finite/],
  'zero norm': [base64Of(0, 0, -0, 0), /text 8 of 9 is all zeros/],
  'a number too few': [base64Of(1, 0, 0), /text 8 of 9 has 3 numbers instead of 4/],
  'a number too many': [[1, 2, 3, 4, 5], /text 8 of 9 has 5 numbers instead of 4/],
  'no numbers': ['', /text 8 of 9 has 0 numbers instead of 4/],
  'bad base64': ['AAAA*AAAAAAAAAAAAAAAAA==', /text 8 of 9 is not base64 of 4 numbers/],
  'half a number': ['AAAAAAA=', /text 8 of 9 is not base64 of 4 numbers/],
}
for (const [name, [embedding, message]] of Object.entries(wrongVectors)) {
  test(`I4: a vector with ${name} is refused and named`, () => {
    assert.throws(() => read(withSecond(embedding)), { code: 'vector_invalid', message })
  })
}

test('I4: too few, too many and doubled vectors are refused', () => {
  const [first, second] = base64Reply.data
  assert.throws(() => read({ ...base64Reply, data: [first] }), {
    code: 'vector_invalid',
    message: /1 vectors for 2 texts/,
  })
  assert.throws(() => read({ ...base64Reply, data: [first, second, second] }), { code: 'vector_invalid' })
  assert.throws(() => read({ ...base64Reply, data: [first, first] }), {
    code: 'vector_invalid',
    message: /no vector for text 8 of 9/,
  })
})
