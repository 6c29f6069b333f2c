import { formatUsd } from '../../contract/format-usd.ts'
import type { NanoUsd } from '../../contract/money.ts'
import { counted } from '../text/amounts.ts'
import { chargesOf } from './facts.ts'
import { decideDoubts, type Ground } from './ground.ts'
import type { Need } from './judge.ts'

const outageMs = 20_000
const lookEveryMs = 250
/** How long it may take until a moment comes at which the server is to die. */
const comesWithinMs = 60_000
/** In which a server starts and reads what the first day has room for; on a slow machine longer: others are played beside it. */
const leastBeforeMidnightMs = 25_000
const calmDaysBeforeMidnight = 2
const dayMs = 86_400_000

/** Every moment of a paid parse, of making chunks, of a paid embedding and of publishing, in the order in which they come. */
const deaths = [
  ...['claimed', 'held', 'dispatched', 'answered', 'submitted', 'collected', ...saving()].map(at => `parse/${at}`),
  ...['claimed', ...saving()].map(at => `chunk/${at}`),
  ...['claimed', 'held', 'dispatched', 'answered', ...saving()].map(at => `embed/${at}`),
  ...['claimed', ...saving()].map(at => `publish/${at}`),
]

export async function calm(ground: Ground): Promise<null> {
  await ground.start()
  await ground.sendAll()
  await ground.untilComplete()
  return null
}

export async function outage(ground: Ground): Promise<null> {
  ground.isDown = true
  await ground.start()
  await ground.sendAll()
  await ground.pause(outageMs)
  const requests = ground.metDown
  ground.isDown = false
  const back = performance.now()
  await ground.untilComplete()
  ground.notes.push(
    `${counted(requests, 'request')} met the outage of ${outageMs / 1_000} s; all was done ${seconds(back)} s after it`,
  )
  return null
}

/** The faults come from the simulators by themselves. */
export async function rough(ground: Ground): Promise<null> {
  await calm(ground)
  const { llamaparse, openai } = ground.simulators.counters()
  const faults = Object.entries(llamaparse.faults).concat(Object.entries(openai.faults))
  const hit = faults.reduce((sum, [, count]) => sum + count, 0)
  ground.notes.push(`${counted(hit, 'fault')} hit its requests`)
  return null
}

export async function lostWebhooks(ground: Ground): Promise<null> {
  await calm(ground)
  const { events, acknowledged } = ground.simulators.counters().llamaparse.webhooks
  ground.notes.push(`${counted(events, 'webhook')} lost, ${acknowledged} arrived; it asked by itself`)
  return null
}

export async function crashes(ground: Ground): Promise<null> {
  const missed: string[] = []
  for (const dieAt of deaths) {
    const server = await ground.start({ dieAt })
    if (server === null) continue
    let signal: string | null | undefined
    void server.ended.then(ended => {
      signal = ended.signal
    })
    await ground.sendAll()
    for (const since = performance.now(); signal === undefined; await ground.pause(lookEveryMs)) {
      if (performance.now() - since > comesWithinMs || (await isDone(ground))) {
        missed.push(dieAt)
        await server.stop()
      }
    }
  }
  await ground.start()
  await ground.sendAll()
  await ground.untilComplete(() => decideDoubts(ground))
  ground.notes.push(`killed ${deaths.length - missed.length} times, each time at another step`)
  if (missed.length > 0) ground.notes.push(`these steps did not come: ${missed.join(', ')}`)
  const { boughtAgainNanoUsd: again } = ground.happened
  if (again > 0n)
    ground.notes.push(
      `${formatUsd(again)} was charged by OpenAI for an answer that died with the server: that call was in doubt, and was bought again since the drill, as its operator, said so`,
    )
  return null
}

/** True when nothing is left that could come to a step; a server that dies under the question is not done. */
async function isDone(ground: Ground): Promise<boolean> {
  try {
    await decideDoubts(ground)
    const documents = await ground.documents()
    return documents.length >= ground.files.length && documents.every(({ live }) => live)
  } catch {
    ground.signal.throwIfAborted()
    return false
  }
}

export async function budgetExhausted(ground: Ground, need: Need): Promise<string | null> {
  await ground.start()
  const { cap, most } = await capOf(ground, need, 50n)
  if (cap >= need.parseNanoUsd) return 'it needs two documents that cost something'
  await setCap(ground, cap)
  await ground.sendAll()
  const waiting = await untilParked(ground)
  noteCap(ground, cap, chargesOf(ground.simulators.counters()).parse)
  ground.notes.push(`${counted(waiting, 'document')} waited for money under a cap of ${formatUsd(cap)}`)
  await setCap(ground, need.parseNanoUsd + most * 10n)
  await ground.untilComplete()
  return null
}

/** Whole milliseconds, as clocks have them. */
export function timeBeforeMidnight(calmDayMs: number): number {
  return Math.max(leastBeforeMidnightMs, Math.ceil(calmDaysBeforeMidnight * calmDayMs))
}

export async function midnight(ground: Ground, need: Need): Promise<string | null> {
  const beforeMidnightMs = timeBeforeMidnight(need.durationMs)
  const midnightMs = Math.ceil((Date.now() + beforeMidnightMs) / dayMs) * dayMs
  const clockAheadMs = midnightMs - beforeMidnightMs - Date.now()
  await ground.start({ clockAheadMs })
  // With three quarters of the need, the second day has room for whatever did not fit into the first.
  const { cap } = await capOf(ground, need, 75n)
  if (cap >= need.parseNanoUsd) return 'it needs two documents that cost something'
  await setCap(ground, cap)
  await ground.sendAll()
  let [onFirstDay, waited] = [0n, 0]
  await ground.untilComplete(async () => {
    if (Date.now() + clockAheadMs >= midnightMs) return
    onFirstDay = chargesOf(ground.simulators.counters()).parse
    waited = Math.max(waited, await waitingForMoney(ground))
  })
  const onSecondDay = chargesOf(ground.simulators.counters()).parse - onFirstDay
  noteCap(ground, cap, onFirstDay)
  noteCap(ground, cap, onSecondDay)
  ground.notes.push(
    `${counted(waited, 'document')} waited for the next day: ${formatUsd(onFirstDay)} before midnight, ${formatUsd(onSecondDay)} after it, under a cap of ${formatUsd(cap)} a day`,
  )
  return null
}

/** So much of what parsing costs, in percent, but enough for the dearest document, since else it would never fit. */
async function capOf(ground: Ground, need: Need, percent: bigint): Promise<{ cap: NanoUsd; most: NanoUsd }> {
  let most = 0n
  for (const file of ground.files) {
    const { parse } = await ground.client().quote(await ground.uploadOf(file))
    const worst = BigInt(parse.real.worst)
    if (worst > most) most = worst
  }
  const share = (need.parseNanoUsd * percent) / 100n
  return { cap: share > most ? share : most, most }
}

async function setCap(ground: Ground, cap: NanoUsd): Promise<void> {
  await ground.client().setBudget({
    ...{ tenantId: 'default', budgetId: 'drill', service: 'parse', provider: null, apiKeyId: null, tag: null },
    ...{ money: 'real', capNanoUsd: String(cap), period: 'day', timeZone: 'UTC', policy: 'defer', alertPercents: [] },
  })
}

function noteCap({ happened }: Ground, cap: NanoUsd, charged: NanoUsd): void {
  if (charged - cap > happened.aboveCapNanoUsd) happened.aboveCapNanoUsd = charged - cap
}

/** Until every document is live or waits for money, for a second on end; gives how many wait. */
async function untilParked(ground: Ground): Promise<number> {
  for (let quietSince = performance.now(); ; await ground.pause(lookEveryMs)) {
    const documents = await ground.documents()
    const waiting = await waitingForMoney(ground)
    const resting = documents.filter(({ live }) => live).length + waiting
    if (resting < documents.length) quietSince = performance.now()
    else if (performance.now() - quietSince > 1_000) return waiting
  }
}

async function waitingForMoney(ground: Ground): Promise<number> {
  const { items } = await ground.client().listJobs({ state: 'deferred', limit: 200 })
  return items.filter(({ deferral }) => deferral?.reason === 'budget').length
}

function seconds(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) / 1_000)
}

function saving(): string[] {
  return ['before_save', 'before_commit', 'after_commit']
}
