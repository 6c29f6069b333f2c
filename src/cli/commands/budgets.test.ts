import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetView } from '../../contract/budget.ts'
import { type FakeRoutes, openFakeServer, problem } from '../__fixtures__/fake-server.http.ts'
import { testIo } from '../__fixtures__/test-io.ts'
import { budgetView } from '../__fixtures__/views.ts'
import { runCli } from '../run-cli.ts'

async function run(argv: string[], routes: FakeRoutes) {
  await using server = await openFakeServer(routes)
  const { io, written } = testIo()
  const exitCode = await runCli([...argv, '--url', server.url, '--api-key', 'test-key'], io)
  return { exitCode, ...written, calls: server.calls }
}
const listed = (...budgets: BudgetView[]): FakeRoutes => ({ 'GET /v1/budgets': () => ({ body: { budgets } }) })

test('budgets: a line each, with what it covers, its window by its own clock, and who waits', async () => {
  const total = budgetView({
    tenantId: '*',
    budgetId: 'all',
    service: null,
    provider: 'evil\u001b[2J',
    money: 'shadow',
    period: 'total',
    windowStart: null,
    windowEnd: null,
    leftNanoUsd: '-1',
    waitingJobs: 2,
    waitingNanoUsd: '7500000',
  })
  const { exitCode, stdout } = await run(['budgets'], listed(budgetView(), total))
  assert.equal(exitCode, 0)
  assert.match(
    stdout,
    /\nparse-day +acme +parse +\$5\.00 +day +\$1\.00 +\$0\.00375 +\$3\.99625 +2026-11-24 00:00 Europe\/Berlin +defer +–\n/,
  )
  assert.match(
    stdout,
    /\nall +all \(\*\) +provider evil\\u\{1b\}\[2J +\$5\.00 +total \(shadow\) .* never +defer +2 jobs, \$0\.0075\n/,
  )
  const other = budgetView({ tenantId: 'other' })
  const ofOne = await run(['budgets', 'list', '--tenant', 'acme', '--json'], listed(budgetView(), other, total))
  assert.deepEqual(JSON.parse(ofOne.stdout), { budgets: [budgetView(), total] })
})

test('budgets: none yet, and how to set one', async () => {
  const { exitCode, stdout } = await run(['budgets'], listed())
  assert.equal(exitCode, 0)
  assert.match(
    stdout,
    /^no budgets: nothing limits what is spent\nset one: +sluice budgets set '\$5\/day service=parse/,
  )
})

test('budgets set: what is sent, what is set now, what the window has spent and who goes on', async () => {
  let sent: unknown
  const routes = {
    ...listed(budgetView({ waitingJobs: 3, waitingNanoUsd: '3' })),
    'PUT /v1/budgets/acme/parse-day': ({ json }: { json?: unknown }) => {
      sent = json
      return { body: budgetView({ capNanoUsd: '10000000000', waitingJobs: 1, waitingNanoUsd: '3750000' }) }
    },
  }
  const { exitCode, stdout } = await run(['budgets', 'set', 'parse-day', '--cap', '10'], routes)
  assert.equal(exitCode, 0)
  assert.deepEqual(sent, {
    service: 'parse',
    provider: null,
    apiKeyId: null,
    tag: null,
    money: 'real',
    capNanoUsd: '10000000000',
    period: 'day',
    timeZone: 'Europe/Berlin',
    policy: 'defer',
    alertPercents: [50, 80],
  })
  assert.equal(
    stdout,
    'budget parse-day of tenant acme: $10.00 a day for parse\n' +
      'policy defer; alerts at 50, 80 %; resets 2026-11-24 00:00 Europe/Berlin\n' +
      'this day: $1.00 spent, $0.00375 held, $3.99625 left\n' +
      '2 jobs that waited for it go on\n' +
      '1 job waits for $0.00375 of it\n',
  )
  await run(['budgets', 'set', '$5/day  service=parse', '--tenant', 'acme', '--id', 'parse-day'], routes)
  assert.equal((sent as BudgetView).capNanoUsd, '5000000000')
})

test('budgets set and remove: a budget that is not there has exit code 4, wrong words 2, a refusal 1', async () => {
  const missing = await run(['budgets', 'set', 'typo', '--cap', '1'], listed(budgetView()))
  assert.deepEqual([missing.exitCode, missing.calls], [4, ['GET /v1/budgets']])
  assert.equal((await run(['budgets', 'remove', 'typo'], listed())).exitCode, 4)
  const wrong = await run(['budgets', 'set', '$5/year'], listed())
  assert.equal(wrong.exitCode, 2)
  assert.match(wrong.stderr, /"\$5\/year".*hour, day, week, month, total/)
  const refused = await run(['budgets', 'set', '$5/day'], {
    ...listed(),
    'PUT /v1/budgets/*': () => problem(409, 'budget_conflict', 'Budget day of tenant * comes from SLUICE_BUDGETS.'),
  })
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /SLUICE_BUDGETS/)
})

test('budgets remove takes the one that has the id', async () => {
  const routes = {
    ...listed(budgetView({ waitingJobs: 1 })),
    'DELETE /v1/budgets/acme/parse-day': () => ({ status: 204 }),
  }
  const { exitCode, stdout, calls } = await run(['budgets', 'remove', 'parse-day'], routes)
  assert.equal(exitCode, 0)
  assert.deepEqual(calls, ['GET /v1/budgets', 'DELETE /v1/budgets/acme/parse-day'])
  assert.match(stdout, /^removed budget parse-day of tenant acme; .*\n1 job that waited for it goes on\n$/)
})
