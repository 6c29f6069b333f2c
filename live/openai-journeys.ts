import assert from 'node:assert/strict'
import type { Client } from '../test/harness/sluice-under-test.ts'
import { scripts } from './openai-scripts.ts'

/** Documents through a whole Sluice to OpenAI and back. */
export interface OpenAiJourney {
  name: string
  run(client: Client, nonce: string): Promise<void>
}

/** What is promised of one model; `nanoUsdPerToken` is its price. */
export function journeysOf(model: string, nanoUsdPerToken: bigint): readonly OpenAiJourney[] {
  return [
    {
      name: `${model}: embedded, found, and charged what its tokens cost`,
      async run(client, nonce) {
        const text = `The gate of reservoir ${nonce} is opened on Mondays.`
        const { live, costs, job } = await client.ingest(`gate-${nonce}.txt`, text)
        assert.equal(live?.provenance.embed?.model, model, say(job))
        const [embedded] = costs.filter(line => line.service === 'embed')
        assert.equal(BigInt(embedded?.costNanoUsd ?? 0), BigInt(embedded?.units ?? 0) * nanoUsdPerToken)
        assert.ok(BigInt(embedded?.units ?? 0) > 0n && BigInt(embedded?.units ?? 0) < 100n, `${embedded?.units} tokens`)
        const { hits } = await client.search(`When is the gate of reservoir ${nonce} opened?`)
        assert.match(hits[0]?.text ?? '', /Mondays/)
      },
    },
    {
      name: `${model}: every script and code gets its vectors`,
      async run(client, nonce) {
        const text = Object.values(scripts).join(`\n\n${nonce}\n\n`)
        const { live, job } = await client.ingest(`scripts-${nonce}.txt`, text)
        assert.notEqual(live, null, say(job))
      },
    },
    {
      name: `${model}: what is embedded already costs nothing the second time`,
      async run(client, nonce) {
        const { documentId } = await client.ingest(`twice-${nonce}.txt`, `The valve ${nonce} is shut.`)
        const before = await client.document(documentId)
        assert.equal(before.job.state, 'succeeded', say(before.job))
        await client.request('POST', `/v1/documents/${documentId}/versions`, {})
        await client.settled()
        assert.equal(costOf(await client.document(documentId)), costOf(before))
      },
    },
  ]
}

function costOf({ costs }: { costs: readonly { costNanoUsd: string }[] }): bigint {
  return costs.reduce((sum, line) => sum + BigInt(line.costNanoUsd), 0n)
}

function say(job: { state: string; error: { code: string; message: string } | null }): string {
  return job.error ? `${job.error.code}: ${job.error.message}` : `${job.state}, no error`
}
