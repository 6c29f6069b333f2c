import assert from 'node:assert/strict'
import { test } from 'node:test'
import { releaseLostHolds } from '../src/app/watch-money.ts'
import type { BudgetView } from '../src/contract/budget.ts'
import type { Problem } from '../src/contract/problem.ts'
import type { FileQuote } from '../src/contract/quote.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('quotes', createPlace => {
  const sluice = useSluice(createPlace)
  const text = `# Reservoir\n\n${'The level of the reservoir is read every morning. '.repeat(30)}`

  async function quote(client: Client, name: string, bytes: string): Promise<FileQuote> {
    const form = new FormData()
    form.append('file', new Blob([bytes]), name)
    const { status, body } = await client.request<FileQuote>('POST', '/v1/quotes', form)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const hold = (client: Client, { parse, embed }: FileQuote) =>
    client.request<{ quoteId: string } & Problem>('POST', '/v1/quotes/holds', {
      parse: { units: parse.units.worst, realNanoUsd: parse.real.worst, shadowNanoUsd: parse.shadow.worst },
      embed: { units: embed.units.worst, realNanoUsd: embed.real.worst, shadowNanoUsd: embed.shadow.worst },
    })
  const setBudget = async (tenantId: string, capNanoUsd: bigint) => {
    const settings = { money: 'shadow', period: 'total', capNanoUsd: String(capNanoUsd) }
    return (await sluice().request<BudgetView>('PUT', `/v1/budgets/${tenantId}/all`, settings)).body
  }
  const budgetOf = async (client: Client) =>
    (await client.request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')).body.budgets[0]

  test('a quote is what the ingest comes to, to the last nano-dollar, and leaves nothing behind', async () => {
    const client = await sluice().clientOf('exact')
    const quoted = await quote(client, 'a.md', text)
    assert.deepEqual([quoted.exact, quoted.pages, quoted.documentId], [true, 1, null])
    assert.deepEqual(quoted.parse.real, { best: '0', worst: '0' })
    const { body } = await client.request<{ items: unknown[] }>('GET', '/v1/documents')
    assert.deepEqual(body.items, [])
    const { costs } = await client.ingest('a.md', text)
    const shadow = costs.reduce((sum, line) => sum + BigInt(line.shadowNanoUsd), 0n)
    assert.equal(BigInt(quoted.parse.shadow.worst) + BigInt(quoted.embed.shadow.worst), shadow)
  })

  test('what is there already costs nothing: the whole document, or the texts that it shares', async () => {
    const client = await sluice().clientOf('known')
    const document = await client.ingest('a.md', text)
    const same = await quote(client, 'again.md', text)
    assert.equal(same.documentId, document.documentId)
    assert.deepEqual([same.parse.units.worst, same.embed.units.worst], [0, 0])
    assert.equal(same.parse.known.units, 1)
    const longer = await quote(client, 'b.md', `${text}\n\n# Dam\n\nThe dam is new.\n`)
    assert.deepEqual([longer.documentId, longer.parse.units.worst], [null, 1])
    assert.ok(longer.embed.known.units > longer.embed.units.worst, JSON.stringify(longer.embed))
  })

  test('a held quote keeps its money for its documents, and gives back what they did not need', async () => {
    const client = await sluice().clientOf('held')
    const quoted = await quote(client, 'a.md', text)
    const need = BigInt(quoted.parse.shadow.worst) + BigInt(quoted.embed.shadow.worst)
    await setBudget('held', need + 1000n)
    const held = await hold(client, {
      ...quoted,
      embed: { ...quoted.embed, shadow: { best: '0', worst: String(BigInt(quoted.embed.shadow.worst) + 1000n) } },
    })
    assert.equal(held.status, 201)
    assert.equal((await budgetOf(client))?.leftNanoUsd, '0')
    const other = (await client.upload('other.md', '# Other\n\nNot of this quote.')).body.document.job
    const document = await client.ingest('a.md', text, { quoteId: held.body.quoteId })
    assert.equal(document.job.state, 'succeeded')
    assert.equal((await client.job(other.jobId)).state, 'deferred', 'the money was kept for the quote')
    const before = await budgetOf(client)
    assert.deepEqual([before?.spentNanoUsd, before?.heldNanoUsd], [String(need), '1000'])
    await sluice().sql(
      `UPDATE sluice.jobs SET finished_at = finished_at - interval '2 minutes' WHERE quote_id IS NOT NULL`,
    )
    await releaseLostHolds(sluice().database)
    assert.equal((await budgetOf(client))?.heldNanoUsd, '0')
    assert.deepEqual(await findImbalances(sluice().database), [])
  })

  test('a quote that does not fit is refused whole, and says which budget has no room', async () => {
    const client = await sluice().clientOf('refused')
    const quoted = await quote(client, 'a.md', text)
    await setBudget('refused', BigInt(quoted.parse.shadow.worst) + 1n)
    const answer = await hold(client, quoted)
    assert.deepEqual([answer.status, answer.body.code], [402, 'quote_exceeded'])
    assert.match(answer.body.detail, /budget all of tenant refused/)
    assert.equal((await budgetOf(client))?.heldNanoUsd, '0', 'nothing is held of a quote that was refused')
  })
})
