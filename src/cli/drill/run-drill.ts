import { asAppError } from '../../contract/failure.ts'
import type { NanoUsd } from '../../contract/money.ts'
import type { CliIo } from '../cli-io.ts'
import { eachLimited } from '../ingest/each-limited.ts'
import type { FoundFile } from '../ingest/expand-paths.fs.ts'
import { chargesOf, type DrillFacts, readFacts, sumOf } from './facts.ts'
import { createGround, type Ground } from './ground.ts'
import { type Findings, isClean, judge, type Need } from './judge.ts'
import { calmDay, type Scenario } from './scenarios.ts'

export interface ScenarioReport {
  scenario: string
  summary: string
  documents: number
  chargedNanoUsd: NanoUsd
  neededNanoUsd: NanoUsd
  findings: Findings
  /** All findings are 0, and it came to its end. */
  passed: boolean
  /** Why it could not be played with these files. */
  skipped: string | null
  /** What kept it from its end: the first documents that were not complete, or the failure. */
  unfinished: string[]
  notes: string[]
  durationMs: number
}

export interface DrillReport {
  scenarios: ScenarioReport[]
  /** Files that were left out, and why. */
  leftOut: { fileName: string; reason: string }[]
}

export interface DrillOptions {
  io: CliIo
  files: readonly FoundFile[]
  scenarios: readonly Scenario[]
  signal: AbortSignal
  told(line: string): void
}

type Surroundings = Pick<DrillOptions, 'io' | 'signal'>

const atATime = 3
/** Beside ten times what a calm day takes. */
const patienceMs = 240_000
const keys = { LLAMA_CLOUD_API_KEY: 'llx-drill', OPENAI_API_KEY: 'sk-drill' }
const plenty = '$100000/day service=parse; $100000/day service=embed'

/** Plays a calm day, and then the scenarios with the same files, some at a time. Files that fail on the calm day, or are there twice, are left out. */
export async function runDrill({ io, files, scenarios, signal, told }: DrillOptions): Promise<DrillReport> {
  told(`calm: ${calmDay.summary}`)
  const startedAt = performance.now()
  const { kept, leftOut } = await chooseFiles({ io, signal }, files)
  if (kept.length === 0) return { scenarios: [], leftOut }
  const nothing: Need = { documents: 0, parseJobs: 0, parseNanoUsd: 0n, chargedNanoUsd: 0n, durationMs: 0 }
  const calm = await playScenario({ io, signal }, calmDay, kept, nothing, patienceMs * 4)
  const { facts } = calm
  const need: Need = {
    documents: kept.length,
    parseJobs: facts.parseJobs,
    parseNanoUsd: facts.charged.parse,
    chargedNanoUsd: sumOf(facts.charged),
    durationMs: calm.durationMs,
  }
  const first = reportOf(calmDay, calm, need)
  told(wordsOf(first))
  const limitMs = patienceMs + 10 * (performance.now() - startedAt)
  const reports = new Map<string, ScenarioReport>()
  await eachLimited(scenarios, atATime, async scenario => {
    told(`${scenario.name}: ${scenario.summary}`)
    const report = reportOf(scenario, await playScenario({ io, signal }, scenario, kept, need, limitMs), need)
    reports.set(scenario.name, report)
    told(wordsOf(report))
  })
  return { scenarios: [first, ...scenarios.map(({ name }) => reports.get(name)).filter(r => r !== undefined)], leftOut }
}

function wordsOf({ scenario, passed, skipped, durationMs }: ScenarioReport): string {
  const how = skipped === null ? (passed ? 'all is well' : 'NOT all is well') : `left out, since ${skipped}`
  return `${scenario}: ${how} after ${Math.round(durationMs / 1_000)} s`
}

interface Played {
  facts: DrillFacts
  ground: Ground
  skipped: string | null
  failure: string | null
  durationMs: number
}

/** Plays one scenario on a ground of its own. Throws only what has to do with the drill itself, and when it is interrupted. */
export async function playScenario(
  { io, signal }: Surroundings,
  scenario: Scenario,
  files: readonly FoundFile[],
  need: Need,
  limitMs: number,
): Promise<Played> {
  const startedAt = performance.now()
  const place = await io.openScratchPlace()
  const simulators = await io.simulate({
    ...{ host: '127.0.0.1', port: 0, seed: 1, latency: { minMs: 5, maxMs: 30 }, billingDelayMs: 0, faultFile: {} },
    ...{ faultRates: scenario.faultRates, allowsPrivateWebhooks: false, ignoresSettings: true, onRequest() {} },
    answerFirst(request) {
      if (scenario.interfere) void scenario.interfere(request)
      if (!ground.isDown) return null
      ground.metDown++
      return Response.json({ detail: 'Service Unavailable' }, { status: 503 })
    },
  })
  const limit = AbortSignal.timeout(Math.ceil(limitMs))
  const settings = { SLUICE_LLAMAPARSE_TIMEOUT_MS: '2000', SLUICE_BUDGETS: plenty, ...keys, ...scenario.settings }
  const ground = createGround(io, { files, place, settings, simulators, signal: AbortSignal.any([signal, limit]) })
  try {
    const ended = await scenario.act(ground, need).then(
      skipped => ({ skipped, failure: null }),
      (error: unknown) => ({ skipped: null, failure: asAppError(error).message }),
    )
    signal.throwIfAborted()
    const failure = limit.aborted ? `it was not over after ${Math.round(limitMs / 1_000)} s` : ended.failure
    // One that did not survive its scenario is asked by its successor.
    if (!(await ground.client(signal).isHealthy())) await ground.start()
    const client = ground.client(signal)
    const facts = await readFacts(client, simulators.counters())
    return { facts, ground, skipped: ended.skipped, failure, durationMs: performance.now() - startedAt }
  } finally {
    await place.remove()
    await simulators.close()
  }
}

export function reportOf({ name, summary }: Scenario, played: Played, need: Need): ScenarioReport {
  const { facts, ground, skipped, failure, durationMs } = played
  const findings = judge(facts, need, ground.acknowledged, ground.happened)
  const open = facts.documents.filter(({ live, provisional }) => !live || provisional)
  const unacknowledged = need.documents - ground.acknowledged.size
  const unfinished = [
    ...(failure === null ? [] : [failure]),
    ...(unacknowledged > 0 ? [`${unacknowledged} of the files were never acknowledged`] : []),
    ...open.slice(0, 5).map(({ fileName, state }) => `${fileName} is ${state}`),
  ]
  return {
    ...{ scenario: name, summary, findings, skipped, durationMs, notes: ground.notes },
    documents: facts.documents.length,
    chargedNanoUsd: sumOf(chargesOf(ground.simulators.counters())),
    neededNanoUsd: need.chargedNanoUsd,
    passed: skipped !== null || (unfinished.length === 0 && isClean(findings)),
    unfinished: skipped === null ? unfinished : [],
  }
}

/** Files that come through a calm day, each once. */
async function chooseFiles(surroundings: Surroundings, files: readonly FoundFile[]) {
  const kept: FoundFile[] = []
  const leftOut: DrillReport['leftOut'] = []
  const trial: Scenario = {
    ...calmDay,
    settings: { SLUICE_PARSE_MODE: 'real', SLUICE_EMBED_MODE: 'mock' },
    async act(ground) {
      await ground.start()
      for (const file of files) {
        const { fileName } = file
        try {
          const { created, document } = await ground.client().upload(await ground.uploadOf(file))
          if (!created) leftOut.push({ fileName, reason: 'another of the files has the same bytes' })
          else if ((await ground.ended(document.job.jobId)).state === 'succeeded') kept.push(file)
          else leftOut.push({ fileName, reason: (await ground.ended(document.job.jobId)).error?.message ?? 'it fails' })
        } catch (error) {
          surroundings.signal.throwIfAborted()
          leftOut.push({ fileName, reason: asAppError(error).message })
        }
      }
      return null
    },
  }
  const nothing: Need = { documents: 0, parseJobs: 0, parseNanoUsd: 0n, chargedNanoUsd: 0n, durationMs: 0 }
  await playScenario(surroundings, trial, files, nothing, patienceMs * 4)
  return { kept, leftOut }
}
