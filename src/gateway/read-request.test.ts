import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRequest, refuseTokens } from './read-request.ts'

const known = { models: [{ model: 'small' }], limits: { inputs: 3 } }
const read = (fields: object) => readRequest(JSON.stringify({ model: 'small', ...fields }), known)

test('a text, texts, tokens and lists of tokens are inputs', () => {
  assert.deepEqual(read({ input: 'a' }), { model: 'small', inputs: ['a'], dimensions: undefined, encoding: 'float' })
  for (const input of [
    ['a', 'b'],
    [[1], [2, 3]],
  ])
    assert.deepEqual(inputsOf({ input }), input)
  assert.deepEqual(inputsOf({ input: [1, 2] }), [[1, 2]])
})

test('null is as good as nothing, what is not known is not looked at', () => {
  const request = read({ input: 'a', dimensions: null, encoding_format: null, user: 7, more: true })
  assert.deepEqual(request, { model: 'small', inputs: ['a'], dimensions: undefined, encoding: 'float' })
})

test('what OpenAI refuses is refused with its code', () => {
  const errors: [object, number, string | null, string | null][] = [
    [{ input: '' }, 400, null, null],
    [{ input: [] }, 400, null, null],
    [{ input: ['a', [1]] }, 400, null, null],
    [{ input: ['a', 'b', 'c', 'd'] }, 400, null, null],
    [{ input: [1.5] }, 400, null, null],
    [{ input: 'a', model: 'large' }, 404, 'model_not_found', null],
    [{ input: 'a', dimensions: 'many' }, 400, 'invalid_value', 'dimensions'],
    [{ input: 'a', encoding_format: 'hex' }, 400, 'invalid_value', 'encoding_format'],
  ]
  for (const [fields, status, code, param] of errors) {
    const reply = read(fields)
    assert.ok('status' in reply, JSON.stringify(fields))
    const { error } = JSON.parse(reply.body)
    assert.deepEqual([reply.status, error.code, error.param], [status, code, param], JSON.stringify(fields))
  }
})

test('texts may be as long as OpenAI takes them, alone and together', () => {
  const limits = { inputs: 3, tokensPerInput: 10, tokens: 25 }
  assert.equal(refuseTokens([10, 10, 5], limits), null)
  assert.match(refuseTokens([1, 11], limits)?.body ?? '', /requested 11 tokens/)
  assert.match(refuseTokens([10, 10, 6], limits)?.body ?? '', /Requested 26 tokens, max 25/)
})

function inputsOf(fields: object) {
  const request = read(fields)
  return 'inputs' in request ? request.inputs : null
}
