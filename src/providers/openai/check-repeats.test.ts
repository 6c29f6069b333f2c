import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRepeatCheck } from './check-repeats.ts'
import { simulatedVector } from './simulated-vector.ts'

const vectorOf = (text: string) => simulatedVector(text, 256, 'm')

test('I4: a vector that another text has had is refused, in the same request or a later one', () => {
  const check = createRepeatCheck()
  const a = vectorOf('the pump')
  check(['the pump', 'the fan'], [a, vectorOf('the fan')], 'It')
  assert.throws(() => check(['a valve'], [a], 'It'), {
    code: 'vector_invalid',
    message: /text 1 is that of another text/,
  })
  const same = vectorOf('x')
  assert.throws(() => check(['x', 'y'], [same, same], 'It'), { code: 'vector_invalid', message: /text 2/ })
})

test('the same text again, and texts that some models take for the same, are no repeats', () => {
  const check = createRepeatCheck()
  const a = vectorOf('Café au lait')
  check(['Café au lait', 'cafe  AU lait', 'Café au lait'], [a, a, a], 'It')
})

test('two texts of the same words in another order have vectors of their own in the simulator', () => {
  const check = createRepeatCheck()
  const texts = ['pump lifts water', 'water lifts pump', 'Water: pump, lifts!', 'measure', 'measures']
  check(texts, texts.map(vectorOf), 'It')
})

test('vectors of few dimensions are not compared', () => {
  const check = createRepeatCheck()
  check(['a', 'b'], [new Float32Array([1]), new Float32Array([1])], 'It')
})
