import assert from 'node:assert/strict'
import type { ParseOptions } from '../src/contract/parse-options.ts'
import { buildPdf } from '../src/providers/local/__fixtures__/build-pdf.ts'
import type { Client } from '../test/harness/sluice-under-test.ts'

/** One document through a whole Sluice to LlamaParse and back. `credits` is what it should cost at the most. */
export interface Journey {
  name: string
  credits: number
  run(client: Client, nonce: string): Promise<void>
}

const creditNanoUsd = 1_250_000

/** What our client promises in front of any LlamaCloud, real or simulated. Each file is new, so that no cache hides what it costs. */
export const journeys: readonly Journey[] = [
  tierJourney('fast', 1),
  tierJourney('cost_effective', 3),
  tierJourney('agentic', 10),
  {
    name: 'only the pages that were asked for are parsed and charged',
    credits: 3,
    async run(client, nonce) {
      const { live, job } = await ingest(client, ['first', 'second', 'third'], nonce, { pages: '2' })
      assert.equal(live?.pageCount, 1, say(job))
    },
  },
  {
    name: 'the same bytes under the same options cost nothing the second time',
    credits: 3,
    async run(client, nonce) {
      const { documentId } = await ingest(client, ['again'], nonce)
      await client.request('POST', `/v1/documents/${documentId}/versions`, {})
      await client.settled()
      const { costs } = await client.document(documentId)
      assert.ok(costOf(costs) <= 3 * creditNanoUsd, `${costOf(costs)} nano-dollars`)
    },
  },
  {
    name: 'a file that is no PDF fails before it is sent, and costs nothing',
    credits: 0,
    async run(client, nonce) {
      const { job, costs } = await client.ingest(`broken-${nonce}.pdf`, `%PDF-1.7\n% ${nonce}\nThis is cut short.`)
      assert.equal(job.state, 'failed')
      assert.equal(costOf(costs), 0)
    },
  },
]

function tierJourney(tier: NonNullable<ParseOptions['tier']>, credits: number): Journey {
  return {
    name: `tier ${tier}: parsed, searchable, and charged no more than was quoted`,
    credits,
    async run(client, nonce) {
      const { live, costs, job } = await ingest(
        client,
        [`The gate of reservoir ${nonce} is opened on Mondays.`],
        nonce,
        { tier },
      )
      assert.deepEqual([live?.provenance.parse.provider, live?.provenance.parse.model], ['llamaparse', tier], say(job))
      assert.ok(costOf(costs) <= credits * creditNanoUsd, `${costOf(costs)} nano-dollars`)
      const { hits } = await client.search(`When is the gate of reservoir ${nonce} opened?`)
      assert.match(hits[0]?.text ?? '', /Mondays/)
    },
  }
}

async function ingest(client: Client, pages: readonly string[], nonce: string, parsing: ParseOptions = {}) {
  const pdf = buildPdf(pages.map(text => [`${text} ${nonce}`]))
  return await client.ingest(`live-${nonce}.pdf`, pdf, { parsing })
}

function costOf(costs: readonly { service: string; costNanoUsd: string }[]): number {
  return costs.filter(line => line.service === 'parse').reduce((sum, line) => sum + Number(line.costNanoUsd), 0)
}

function say(job: { error: { code: string; message: string } | null }): string {
  return job.error ? `${job.error.code}: ${job.error.message}` : 'no error'
}
