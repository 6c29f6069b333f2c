import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runAgainstLlamaCloud } from '../live/run-llamaparse.ts'
import { createPdfSimulator } from '../live/simulated-cloud.ts'
import { createLlamaCloudSimulator } from '../src/providers/llamaparse/simulator.ts'
import { onlyInTorture } from './harness/only-in-torture.ts'

type Adapt = NonNullable<NonNullable<Parameters<typeof createPdfSimulator>[1]>['adapt']>

/** What `npm run test:live` does, with a second simulator in the place of LlamaCloud. */
async function runLive(adapt: Adapt = handle => handle) {
  const stand = await createPdfSimulator(createLlamaCloudSimulator, { seed: 2, adapt })
  const simulated = await createPdfSimulator(createLlamaCloudSimulator)
  const lines: string[] = []
  try {
    const { baseUrl, apiKey } = stand
    const result = await runAgainstLlamaCloud({ baseUrl, apiKey, simulated, say: line => lines.push(line) })
    return { ...result, lines, credits: stand.simulator.counters().credits }
  } finally {
    await stand.close()
    await simulated.close()
  }
}

test('against what behaves like the simulator all journeys pass and nothing differs', async () => {
  const { failures, differences, spentNanoUsd, credits } = await runLive()
  assert.deepEqual([failures, differences], [[], []])
  // The journeys' credits and the one of the observed job.
  assert.equal(spentNanoUsd, BigInt(credits - 1) * 1_250_000n)
})

test('what differs is named, and only that', onlyInTorture, async () => {
  const { differences, lines } = await runLive(handle => async request => {
    const response = await handle(request)
    if (response.status !== 404) return response
    return Response.json({ error: 'nothing here' }, { status: 404 })
  })
  const names = differences.map(({ observation }) => observation)
  assert.deepEqual(names, ['a job that is not there', 'a job of three pages, of which max_pages allows one'])
  assert.ok(
    lines.some(line => /only|really/.test(line) && line.includes('nothing here')),
    lines.join('\n'),
  )
})

test('a LlamaCloud that charges more than it says cannot take more than the cap: the ledger stops the journeys', async () => {
  const dear: Adapt = handle => async request => {
    const response = await handle(request)
    const text = await response.text()
    const changed = text.replace(/"credits":\s*\d+/g, '"credits":200')
    return new Response(changed, { status: response.status, headers: { 'content-type': 'application/json' } })
  }
  const { failures, spentNanoUsd } = await runLive(dear)
  assert.ok(
    failures.some(({ reason }) => reason.includes('budget_exhausted')),
    JSON.stringify(failures),
  )
  // One job of 200 credits is $0.25: the first two use the cap up, and a third is never sent.
  assert.equal(spentNanoUsd, 500_000_000n)
})
