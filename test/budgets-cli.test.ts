import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { testIo } from '../src/cli/__fixtures__/test-io.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { onBothDatabases } from './harness/databases.ts'
import { apiKey, pause } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('budgets at the command line', createPlace => {
  const sluice = useSluice(createPlace)
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-budgets-'))
    for (const name of ['one.md', 'two.md']) await writeFile(join(folder, name), `# ${name}\n\nA page.`)
  })
  after(() => rm(folder, { recursive: true }))

  async function run(...argv: string[]) {
    const io = testIo({
      workingDirectory: folder,
      now: () => performance.now(),
      pause: durationMs => pause(durationMs),
    })
    const exitCode = await runCli([...argv, '--url', sluice().server.url, '--api-key', apiKey], io.io)
    return { exitCode, ...io.written }
  }

  test('P20: set a budget, meet its cap, raise it, done', async () => {
    assert.match((await run('budgets')).stdout, /^no budgets/)
    const set = await run(
      'budgets',
      'set',
      '$0.00375/day service=parse money=shadow zone=Europe/Berlin',
      '--tenant',
      'default',
    )
    assert.equal(set.exitCode, 0, set.stderr)
    assert.match(set.stdout, /^budget parse-day-shadow of tenant default: \$0\.00375 a day for parse, shadow money\n/)

    const first = await run('ingest', 'one.md', '--tag', 'archive')
    assert.equal(first.exitCode, 0, first.stderr)
    const second = await run('ingest', 'two.md')
    assert.equal(second.exitCode, 5, second.stdout + second.stderr)
    assert.match(
      second.stdout,
      /deferred at parse: two\.md waits for \$0\.00375 more in budget parse-day-shadow, until /,
    )
    assert.match(
      (await run('jobs', '--state', 'deferred')).stdout,
      /two\.md +deferred \(parse\) .*waits for \$0\.00375/,
    )
    assert.match((await run('budgets')).stdout, /parse-day-shadow +default .* 1 job, \$0\.00375\n/)
    assert.match((await run('alerts')).stdout, /100 % of budget parse-day-shadow \(by simulated costs\)/)

    const raised = await run('budgets', 'set', 'parse-day-shadow', '--cap', '1')
    assert.match(
      raised.stdout,
      /\$1\.00 a day for parse, shadow money\n.*Europe\/Berlin\n.*\n1 job that waited for it goes on\n/,
    )
    const again = await run('ingest', 'two.md')
    assert.equal(again.exitCode, 0, again.stdout + again.stderr)
    assert.match(again.stdout, /two\.md +markdown .*already ingested/)
    assert.match((await run('documents')).stdout, /one\.md .* succeeded +archive\n/)
    assert.match((await run('budgets', 'remove', 'parse-day-shadow')).stdout, /^removed budget parse-day-shadow/)
  })

  test('no call is in doubt, and one that is not cannot be resolved', async () => {
    assert.match((await run('costs', 'doubts')).stdout, /^no calls in doubt/)
    const unknown = await run('costs', 'resolve', '01a0aaaa-0000-7000-8000-000000000000', '--not-charged')
    assert.equal(unknown.exitCode, 4)
    assert.match(unknown.stderr, /There is no call 01a0aaaa/)
    assert.match((await run('costs', '--by', 'service')).stdout, /parse +2 /)
  })
})
