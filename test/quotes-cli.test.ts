import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { testIo } from '../src/cli/__fixtures__/test-io.ts'
import { runCli } from '../src/cli/run-cli.ts'
import type { BudgetView } from '../src/contract/budget.ts'
import { onBothDatabases } from './harness/databases.ts'
import { apiKey } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('sluice quote and --max-cost', createPlace => {
  const sluice = useSluice(createPlace)
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-quotes-'))
    await writeFile(join(folder, 'pumps.md'), '# Pumps\n\nThe centrifugal pump lifts water to the reservoir.\n')
    await writeFile(join(folder, 'valves.md'), '# Valves\n\nA butterfly valve closes the main.\n')
  })
  after(() => rm(folder, { recursive: true }))

  async function run(...argv: string[]) {
    const { io, written } = testIo()
    const exitCode = await runCli([...argv, '--url', sluice().server.url, '--api-key', apiKey], io)
    return { exitCode, ...written }
  }

  test('a quote says what it would cost, and nothing is there afterwards', async () => {
    const { exitCode, stdout } = await run('quote', folder)
    assert.equal(exitCode, 0)
    assert.match(stdout, /pumps\.md +1 +1 +\$0\.00375/)
    assert.match(stdout, /2 documents, 2 pages/)
    assert.match(
      stdout,
      /will cost nothing: no provider is paid in this mode; at the real services it would be \$0\.0075/,
    )
    const { body } = await sluice().request<{ items: unknown[] }>('GET', '/v1/documents')
    assert.deepEqual(body.items, [])
  })

  test('more than --max-cost: nothing is sent', async () => {
    const { exitCode, stderr } = await run('ingest', folder, '--max-cost', '0.005')
    assert.equal(exitCode, 1)
    assert.match(stderr, /can cost \$0\.0075\d* at the real services, more than --max-cost \$0\.005; nothing was sent/)
    const { body } = await sluice().request<{ items: unknown[] }>('GET', '/v1/documents')
    assert.deepEqual(body.items, [])
  })

  test('within --max-cost: the amount is held, used, and the rest is given back at once', async () => {
    const budget = { money: 'shadow', period: 'total', capNanoUsd: '10000000' }
    await sluice().request('PUT', '/v1/budgets/default/all', budget)
    const { exitCode, stderr } = await run('ingest', folder, '--max-cost', '$0.01')
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /held \$0\.0075\d* for it/)
    const { body } = await sluice().request<{ budgets: BudgetView[] }>('GET', '/v1/budgets')
    assert.equal(body.budgets[0]?.heldNanoUsd, '0')
    assert.ok(BigInt(body.budgets[0]?.spentNanoUsd ?? 0) > 7_500_000n)
    const again = await run('quote', folder, '--json')
    const report = JSON.parse(again.stdout) as { total: { known: number; shadow: { worst: string } } }
    assert.deepEqual([report.total.known, report.total.shadow.worst], [2, '0'])
  })

  test('what no budget has room for is refused, naming it', async () => {
    await writeFile(join(folder, 'tanks.md'), '# Tanks\n\nThe tank is full.\n')
    const { exitCode, stderr } = await run('ingest', join(folder, 'tanks.md'), '--max-cost', '1')
    assert.equal(exitCode, 1)
    assert.match(stderr, /budget all of tenant default/)
  })

  test('forecast and simulate: the month, the budget, and what another budget would have done', async () => {
    const forecast = await run('costs', 'forecast')
    assert.equal(forecast.exitCode, 0, forecast.stderr)
    assert.match(forecast.stdout, /this month, at list prices .*\$0\.0075/)
    const simulated = await run('costs', 'simulate', '--budget', '$0.004/day service=parse money=shadow')
    assert.equal(simulated.exitCode, 0, simulated.stderr)
    assert.match(simulated.stdout, /parse-day-shadow \(shadow\) +\$0\.004 +day +94 % +1 day/)
    assert.match(simulated.stdout, /1 would wait still/)
    const wrong = await run('costs', 'simulate', '--budget', 'five dollars')
    assert.equal(wrong.exitCode, 2)
  })

  test('without keys for reports there is nothing to reconcile with, and it says so', async () => {
    const { exitCode, stdout } = await run('costs', 'reconcile')
    assert.deepEqual([exitCode, stdout.includes('nothing to compare with')], [0, true])
  })
})
