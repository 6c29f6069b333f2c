import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFaultRates, readInjection } from './read-faults.ts'

test('words without a service go for every service that knows the fault', () => {
  const { llamaparse, openai } = readFaultRates(
    ['hang;done=true=0.25', 'openai:hang=1', 'pages_fail;pages=1,3=0.5'],
    {},
  )
  assert.deepEqual(llamaparse, [
    { fault: { kind: 'hang', done: true }, probability: 0.25 },
    { fault: { kind: 'pages_fail', pages: '1,3' }, probability: 0.5 },
  ])
  assert.deepEqual(openai, [
    { fault: { kind: 'hang', done: true }, probability: 0.25 },
    { fault: { kind: 'hang', done: false }, probability: 1 },
  ])
})

test('a file gives the same for each service', () => {
  const file = { openai: [{ kind: 'vectors', wrong: 'zero', rate: 0.1 }] }
  assert.deepEqual(readFaultRates([], file), {
    llamaparse: [],
    openai: [{ fault: { kind: 'vectors', wrong: 'zero' }, probability: 0.1 }],
  })
})

const wrong: [name: string, texts: string[], file: unknown, said: RegExp][] = [
  ['a kind that there is not', ['sunspots=0.1'], {}, /"sunspots".*no simulator knows/],
  ['a fault of the other service', ['llamaparse:vectors=0.1'], {}, /"vectors".*no simulator knows/],
  ['a field that there is not', ['hang;colour=red=0.1'], {}, /no simulator knows/],
  ['no rate', ['hang'], {}, /a rate from 0 to 1/],
  ['an empty rate', ['hang='], {}, /a rate from 0 to 1/],
  ['a rate above 1', ['hang=1.5'], {}, /a rate from 0 to 1/],
  ['a file with another service', [], { azure: [] }, /azure/],
  ['a file without a rate', [], { openai: [{ kind: 'hang' }] }, /openai\[0\]\.rate/],
  ['a file with a kind that there is not', [], { openai: [{ kind: 'sunspots', rate: 1 }] }, /A fault of openai/],
]
for (const [name, texts, file, said] of wrong)
  test(`${name} is refused`, () => {
    assert.throws(() => readFaultRates(texts, file), { code: 'validation_failed', message: said })
  })

test('injected faults have no rate', () => {
  const { llamaparse, openai } = readInjection({ llamaparse: [{ kind: 'rate_limited', times: 3 }] })
  assert.deepEqual([llamaparse, openai], [[{ kind: 'rate_limited', times: 3 }], []])
  assert.throws(() => readInjection({ openai: [{ kind: 'hang', rate: 1 }] }), { code: 'validation_failed' })
})
