import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeVectors } from './encode-vectors.ts'

const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 })

test('either encoding brings the same numbers, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 4 }), lists => {
      const vectors = lists.map(list => Float32Array.from(list, x => x + 0))
      const answer = { model: 'm "1"', vectors, promptTokens: 7 }
      const numbers = JSON.parse(encodeVectors({ ...answer, encoding: 'float' }))
      const base64 = JSON.parse(encodeVectors({ ...answer, encoding: 'base64' }))
      assert.equal(numbers.model, 'm "1"')
      assert.deepEqual(base64.usage, { prompt_tokens: 7, total_tokens: 7 })
      for (const [i, vector] of vectors.entries()) {
        assert.equal(base64.data[i].index, i)
        assert.deepEqual(
          Float32Array.from(numbers.data[i].embedding, x => Number(x) + 0),
          vector.map(x => x + 0),
        )
        assert.deepEqual(new Float32Array(Uint8Array.fromBase64(base64.data[i].embedding).buffer), vector)
      }
    }),
  )
})

test('a vector that lies inside of another buffer is sent alone', () => {
  const inside = new Float32Array([1, 2, 3, 4]).subarray(1, 3)
  const { data } = JSON.parse(encodeVectors({ model: 'm', vectors: [inside], encoding: 'base64', promptTokens: 1 }))
  assert.deepEqual([...new Float32Array(Uint8Array.fromBase64(data[0].embedding).buffer)], [2, 3])
})
