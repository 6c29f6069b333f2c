import type { Measurement } from './measurement.ts'
import type { ContenderRun } from './run-contender.ts'

/** One run of each contender, by its name. */
export type PeerRound = Map<string, ContenderRun>

interface Goal {
  who: string
  peer: string
  /** Missing where the ratio is only shown. */
  atLeast?: number
}

const goals: readonly Goal[] = [
  { who: 'Sluice, embedded', peer: 'LangChain.js, per document', atLeast: 3 },
  { who: 'Sluice, embedded', peer: 'LlamaIndexTS', atLeast: 15 },
  { who: 'Sluice, PostgreSQL', peer: 'LangChain.js, all at once', atLeast: 1 },
  { who: 'Sluice, PostgreSQL', peer: 'LangChain.js, PGVectorStore', atLeast: 2 },
  { who: 'Sluice, PostgreSQL', peer: 'LangChain.js, per document' },
  { who: 'Sluice, PostgreSQL', peer: 'LlamaIndexTS' },
]

/** Speed, requests and chunks of each contender, the middle one of the rounds and their range, and the ratios with their goals. */
export function describePeers(
  rounds: readonly PeerRound[],
  documents: number,
  chunkLimitTokens: number,
): Measurement[] {
  const names = [...new Set(rounds.flatMap(round => [...round.keys()]))].sort()
  const runsOf = (name: string) => rounds.flatMap(round => round.get(name) ?? [])
  return [
    ...names.map(name => over(runsOf(name).map(chunksPerSecond), name, 'chunks/s')),
    ...names.map(name =>
      over(
        runsOf(name).map(run => documents / seconds(run)),
        `${name}: documents`,
        'documents/s',
      ),
    ),
    ...names.map(name =>
      over(
        runsOf(name).map(run => run.requests),
        `${name}: requests`,
        'requests',
      ),
    ),
    ...names.flatMap(name => {
      const [run] = runsOf(name)
      return run ? describeChunks(name, run, chunkLimitTokens) : []
    }),
    ...goals.flatMap(goal => describeGoal(goal, rounds)),
    ...describeRequests(rounds),
  ]
}

function describeChunks(name: string, run: ContenderRun, limit: number): Measurement[] {
  return [
    { name: `${name}: chunks`, value: run.chunks, unit: 'chunks' },
    { name: `${name}: tokens sent per chunk`, value: run.tokens / run.chunks, unit: 'tokens' },
    { name: `${name}: largest chunk`, value: run.maxTokens, unit: 'tokens', bound: { atMost: limit } },
  ]
}

/** The ratio of the two in each round; runs of one round met the machine in about the same mood. */
function describeGoal({ who, peer, atLeast }: Goal, rounds: readonly PeerRound[]): Measurement[] {
  const ratios = rounds.flatMap(round => {
    const [own, other] = [round.get(who), round.get(peer)]
    return own && other ? [chunksPerSecond(own) / chunksPerSecond(other)] : []
  })
  const bound = atLeast === undefined ? {} : { bound: { atLeast } }
  return ratios.length === 0 ? [] : [{ ...over(ratios, `${who} / ${peer}`, '×'), ...bound }]
}

function describeRequests(rounds: readonly PeerRound[]): Measurement[] {
  const peer = 'LangChain.js, per document'
  return ['Sluice, embedded', 'Sluice, PostgreSQL'].flatMap(who => {
    const ratios = rounds.flatMap(round => {
      const [own, other] = [round.get(who), round.get(peer)]
      return own && other ? [own.requests / other.requests] : []
    })
    if (ratios.length === 0) return []
    return [{ ...over(ratios, `requests of ${who} / of ${peer}`, '×'), bound: { atMost: 0.99 } }]
  })
}

function chunksPerSecond(run: ContenderRun): number {
  return run.chunks / seconds(run)
}

function seconds({ tookMs }: ContenderRun): number {
  return tookMs / 1_000
}

/** The middle value; of an even number the lower one of the two. */
function over(values: readonly number[], name: string, unit: string): Measurement {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  const range = { from: sorted[0] ?? Number.NaN, to: sorted.at(-1) ?? Number.NaN }
  return { name, value, unit, ...(sorted.length > 1 && { range }) }
}
