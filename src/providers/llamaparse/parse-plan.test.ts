import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openFolder, setUpClient } from './__fixtures__/parse-client.fs.ts'
import { planLooks } from './look-again.ts'
import type { LlamaParseOptions } from './parse-client.ts'

const folder = openFolder()
after(folder.close)

test('looks come every 2 s, and after 40 s whenever the job has taken 5 % longer; with a webhook after a minute first', () => {
  const looks = (options: Partial<LlamaParseOptions>) => {
    const { jobs } = setUpClient(options).service
    return [0, 1, 20, 21, 22, 41].map(jobs.lookAgainMs)
  }
  assert.deepEqual(looks({}), [2000, 2000, 2000, 2100, 2205, 5572])
  const webhook = { url: 'https://example.com/', secret: 's' }
  assert.deepEqual(looks({ webhook }), [60_000, 2000, 2000, 2000, 2100, 5307])
  assert.deepEqual(looks({ lookAgainMs: n => n }), [0, 1, 20, 21, 22, 41])
})

test('the end of a job is noticed at most one look, or 5 % of the time that it took, late', () => {
  for (let looks = 0, elapsedMs = 0; elapsedMs < 10 * 3600_000; looks++) {
    const nextMs = planLooks(looks, false)
    assert.ok(nextMs <= Math.max(2_000, 0.0501 * elapsedMs), `look ${looks} comes ${nextMs} ms after ${elapsedMs} ms`)
    elapsedMs += nextMs
  }
})

test('a variant names tier, version, simulation, and whatever changes the result', () => {
  const { service } = setUpClient({ version: '2026-08-19', simulated: true })
  const input = folder.write(['one'])
  const variant = (options: (typeof input)['options']) => service.variant({ ...input, options })
  assert.match(variant({}), /^llamaparse\/cost_effective\/2026-08-19;simulated;options=[0-9a-f]{16}$/)
  assert.match(variant({ tier: 'agentic' }), /^llamaparse\/agentic\/latest;simulated;/)
  assert.equal(variant({ pages: '1,2,3' }), variant({ pages: '3,1-2' }))
  assert.equal(variant({ options: { a: 1, b: 2 } }), variant({ options: { b: 2, a: 1 } }))
  const all = [{}, { pages: '1' }, { languages: ['de'] }, { options: { crop_box: { top: 0.1 } } }].map(variant)
  assert.equal(new Set(all).size, all.length)
})
