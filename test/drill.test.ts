import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createScratchPlace } from '../src/app/drill/scratch-place.ts'
import { startSimulators } from '../src/app/simulate.ts'
import { testIo } from '../src/cli/__fixtures__/test-io.ts'
import { calm } from '../src/cli/drill/acts.ts'
import { isClean, type Need } from '../src/cli/drill/judge.ts'
import { playScenario, reportOf, type ScenarioReport } from '../src/cli/drill/run-drill.ts'
import { calmDay, type Scenario } from '../src/cli/drill/scenarios.ts'
import { expandPaths } from '../src/cli/ingest/expand-paths.fs.ts'
import { onlyInTorture } from './harness/only-in-torture.ts'

const main = new URL('../src/main.ts', import.meta.url).pathname
let folder: string
let temporary: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-files-'))
  temporary = await mkdtemp(join(tmpdir(), 'drill-tmp-'))
  for (const name of ['wells', 'pumps', 'meters'])
    await writeFile(join(folder, `${name}.md`), `# ${name}\n\nWhat there is to say about ${name} is said here.`)
  await writeFile(join(folder, 'again.md'), '# wells\n\nWhat there is to say about wells is said here.')
  await writeFile(join(folder, 'broken.pdf'), 'this is no PDF')
})
after(async () => {
  for (const path of [folder, temporary]) await rm(path, { recursive: true, force: true })
})

/** `sluice drill` in a process of its own, with keys and settings around that it must not touch. */
async function drill(...options: string[]) {
  const child = spawn(process.execPath, [...process.execArgv, main, 'drill', ...options], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      TMPDIR: temporary,
      OPENAI_API_KEY: 'sk-user',
      DATABASE_URL: 'postgres://nowhere.invalid/none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [printed, told, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { printed, told, exitCode: exitCode as number }
}

test('a budget that is spent, and a day that ends: all finish, nothing is spent above the cap (P1, P3)', async () => {
  const { printed, told, exitCode } = await drill(folder, '--scenario', 'budget', '--scenario', 'midnight', '--json')
  assert.equal(exitCode, 0, told + printed)
  const report = JSON.parse(printed) as { scenarios: ScenarioReport[]; leftOut: { fileName: string; reason: string }[] }
  assert.deepEqual(
    report.scenarios.map(({ scenario, documents, passed }) => ({ scenario, documents, passed })),
    ['calm', 'budget', 'midnight'].map(scenario => ({ scenario, documents: 3, passed: true })),
  )
  const [, budget, midnight] = report.scenarios
  // Each costs three credits; half of the nine are 4.5, three quarters 6.75.
  assert.deepEqual(budget?.notes, ['2 documents waited for money under a cap of $0.005625'])
  assert.match(
    midnight?.notes.join() ?? '',
    /^1 document waited for the next day: \$0\.0075 before midnight, \$0\.00375 after it/,
  )
  assert.deepEqual(report.leftOut.map(({ fileName }) => fileName).sort(), ['broken.pdf', 'wells.md'])
  assert.equal((await readdir(temporary)).filter(name => name.startsWith('sluice-drill-')).length, 0)
})

test('a provider that charges twice, and a server that stands still, are not passed over', onlyInTorture, async () => {
  const surroundings = {
    signal: AbortSignal.timeout(120_000),
    io: testIo({ simulate: wish => startSimulators(wish, {}), openScratchPlace: createScratchPlace }).io,
  }
  const files = await expandPaths(['wells.md', 'pumps.md'], folder)
  const play = async (scenario: Scenario, need: Need, limitMs = 60_000) =>
    reportOf(scenario, await playScenario(surroundings, scenario, files, need, limitMs), need)
  const nothing: Need = { documents: 2, parseJobs: 2, parseNanoUsd: 0n, chargedNanoUsd: 0n, durationMs: 0 }
  const first = await play(calmDay, nothing)
  const need = { ...nothing, chargedNanoUsd: first.chargedNanoUsd }
  assert.equal((await play(calmDay, need)).passed, true)

  const interfere = (request: Request) => {
    if (!request.url.endsWith('/v1/embeddings') || request.headers.has('x-again')) return
    const { url, method, headers } = request
    const again = { ...Object.fromEntries(headers), 'x-again': 'yes' }
    void request
      .clone()
      .text()
      .then(body => fetch(url, { method, headers: again, body }))
      .then(response => response.text())
  }
  const twice = await play({ ...calmDay, act: calm, interfere }, need)
  assert.equal(twice.passed, false)
  assert.ok(twice.findings.paidTwiceNanoUsd > 0n, 'it was not seen that OpenAI was paid twice')
  assert.equal(twice.findings.paidTwiceNanoUsd, twice.findings.unexplainedNanoUsd)

  const hung = await play({ ...calmDay, faultRates: ['openai:hang=1'] }, need, 8_000)
  assert.deepEqual([hung.passed, isClean(hung.findings), hung.findings.lost], [false, false, 2])
  assert.match(hung.unfinished[0] ?? '', /not over after 8 s/)
})

test('--list names the scenarios; an unknown one is refused', async () => {
  const { printed, exitCode } = await drill('--list')
  assert.equal(exitCode, 0)
  for (const name of ['outage', 'brownout', 'rate-limits', 'lost-webhooks', 'crashes', 'budget', 'midnight'])
    assert.match(printed, new RegExp(`^${name} +\\w`, 'm'))
  const refused = await drill('--scenario', 'sunspots')
  assert.equal(refused.exitCode, 2)
  assert.match(refused.told, /one of outage, brownout/)
})
