import type { NanoUsd } from '../../contract/money.ts'
import { type DrillFacts, sumOf } from './facts.ts'

/** What the same files took on a calm day, before anything was made to fail. */
export interface Need {
  documents: number
  parseJobs: number
  parseNanoUsd: NanoUsd
  chargedNanoUsd: NanoUsd
  durationMs: number
}

/** What must all be 0 after a drill. */
export interface Findings {
  /** Documents that were acknowledged and are not searchable. */
  lost: number
  /** Documents that are there twice, and parse jobs that were worked off again. */
  duplicated: number
  overspentNanoUsd: NanoUsd
  /** What the providers took beyond the need, without anybody having decided so. */
  paidTwiceNanoUsd: NanoUsd
  /** Money that is still held. */
  leakedNanoUsd: NanoUsd
  /** Between what the providers took and what the books say. */
  unexplainedNanoUsd: NanoUsd
  /** Documents with something in them that only stands in for a provider's work. */
  standIns: number
}

/** What happened besides, during the scenario. */
export interface Happenings {
  /** Charges above a cap that a scenario had set, by the simulators' own count. */
  aboveCapNanoUsd: NanoUsd
  /** Charges of calls whose result was lost with the server, and which were bought again since the operator said so. */
  boughtAgainNanoUsd: NanoUsd
}

/** Compares what a scenario left with what the files need. `wanted` are the files' checksums. */
export function judge(facts: DrillFacts, need: Need, wanted: ReadonlySet<string>, happened: Happenings): Findings {
  const live = new Set(facts.documents.filter(({ live }) => live).map(({ sha256 }) => sha256))
  const checksums = new Set(facts.documents.map(({ sha256 }) => sha256))
  const charged = sumOf(facts.charged)
  return {
    lost: [...wanted].filter(sha256 => !live.has(sha256)).length,
    duplicated: facts.documents.length - checksums.size + Math.max(0, facts.parseJobs - need.parseJobs),
    overspentNanoUsd: most(facts.overrunNanoUsd, happened.aboveCapNanoUsd),
    paidTwiceNanoUsd: most(0n, charged - need.chargedNanoUsd - happened.boughtAgainNanoUsd),
    leakedNanoUsd: facts.heldNanoUsd,
    unexplainedNanoUsd:
      absolute(facts.charged.parse - facts.booked.parse) + absolute(facts.charged.embed - facts.booked.embed),
    standIns: facts.documents.filter(({ provisional, standIn }) => provisional || standIn).length,
  }
}

export function isClean(findings: Findings): boolean {
  return Object.values(findings).every(finding => BigInt(finding) === 0n)
}

function most(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a > b ? a : b
}

function absolute(amount: NanoUsd): NanoUsd {
  return amount < 0n ? -amount : amount
}
