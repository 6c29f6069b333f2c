import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runAgainstOpenAi } from '../live/run-openai.ts'
import { serveSimulatedOpenAi } from '../live/simulated-openai.ts'
import { onlyInTorture } from './harness/only-in-torture.ts'

type Adapt = NonNullable<Parameters<typeof serveSimulatedOpenAi>[0]>

/** What `npm run test:live` does, with a second simulator in the place of OpenAI. */
async function runLive(adapt: Adapt = handle => handle) {
  const stand = await serveSimulatedOpenAi(adapt)
  const simulated = await serveSimulatedOpenAi()
  const lines: string[] = []
  try {
    const { baseUrl, apiKey } = stand
    const result = await runAgainstOpenAi({ baseUrl, apiKey, simulated, say: line => lines.push(line) })
    return { ...result, lines, observed: simulated.simulator.counters(), real: stand.simulator.counters() }
  } finally {
    await stand.close()
    await simulated.close()
  }
}

/** Changes the bodies of answers. */
const altered =
  (change: (text: string, status: number) => string): Adapt =>
  handle =>
  async request => {
    const response = await handle(request)
    const text = change(await response.text(), response.status)
    return new Response(text, { status: response.status, headers: response.headers })
  }

test('against what behaves like the simulator all journeys pass and nothing differs', async () => {
  const { failures, differences, spentNanoUsd, observed, real } = await runLive()
  assert.deepEqual([failures, differences], [[], []])
  // Both were observed alike; what the journeys cost is on top, and is what the ledger says.
  assert.equal(spentNanoUsd, real.chargedNanoUsd - observed.chargedNanoUsd)
  assert.ok(spentNanoUsd > 0n && spentNanoUsd < 1_000_000n, `${spentNanoUsd}`)
  assert.ok(observed.tokens < 1500, `${observed.tokens} tokens`)
})

test('what differs is named, and only that', onlyInTorture, async () => {
  const words = altered((text, status) => (status === 404 ? text.replace('does not exist', 'is gone') : text))
  const { differences, lines } = await runLive(words)
  assert.deepEqual(
    differences.map(({ observation }) => observation),
    ['a model that there is not'],
  )
  assert.ok(
    lines.some(line => line.includes('is gone')),
    lines.join('\n'),
  )
})

test('a tokenizer that counts otherwise is told by the script', onlyInTorture, async () => {
  const { differences, lines } = await runLive(handle => async request => {
    const isGreekAlone = /"input":"[^"]*τροφοδοτεί/.test(await request.clone().text())
    const response = await handle(request)
    if (!isGreekAlone) return response
    const text = (await response.text()).replace(/"prompt_tokens":\d+/, '"prompt_tokens":99')
    return new Response(text, { status: response.status, headers: response.headers })
  })
  assert.deepEqual(
    differences.map(({ observation }) => observation),
    ['the tokens of fourteen texts in ten scripts, digits and code'],
  )
  const told = lines.filter(line => line.includes('really'))
  assert.match(told.join(), /^ {2}greek\.prompt_tokens: really 99, simulated \d+$/)
})

test('an OpenAI that counts more than it should cannot take more than the cap: the ledger stops the journeys', async () => {
  // Two million times the tokens: the first call is $0.10 and more.
  const dear = altered(text => text.replace(/"prompt_tokens":(\d+)/, (_, tokens) => `"prompt_tokens":${tokens}000000`))
  const { failures, real, observed } = await runLive(dear)
  assert.ok(
    failures.some(({ reason }) => reason.includes('budget_exhausted')),
    JSON.stringify(failures),
  )
  // One call of the journeys came through, and none after it.
  assert.equal(real.requests - observed.requests, 1)
})
