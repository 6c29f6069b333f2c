/** Calls of one model in some minutes, and their tokens. */
export interface CountedUsage {
  units: bigint
  calls: number
}

/** What a provider's report and our books say of the minutes around a call in doubt. */
export interface DoubtEvidence {
  /** Of the call itself, as it was quoted. */
  units: bigint
  theirs: CountedUsage
  /** Of the calls that we know the outcome of. */
  ours: CountedUsage
  /** Whether other calls in doubt fall into the same minutes. */
  othersInDoubt: boolean
}

/**
 * Whether a call in doubt was charged, as far as a report on whole minutes can tell. When neither a token nor a request is
 * unaccounted for, it was not; when exactly its tokens and one request are, and no other call can have been it, it was. All else
 * is left open.
 */
export function judgeDoubt({
  units,
  theirs,
  ours,
  othersInDoubt,
}: DoubtEvidence): 'charged' | 'not_charged' | 'unknown' {
  const tokens = theirs.units - ours.units
  const requests = theirs.calls - ours.calls
  if (tokens === 0n && requests === 0) return 'not_charged'
  return tokens === units && requests === 1 && !othersInDoubt ? 'charged' : 'unknown'
}
