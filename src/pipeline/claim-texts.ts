/**
 * The texts that this process is embedding now, so that a text that two documents share is paid once also when both are at
 * work in the same moment. Keys name tenant, vector space and text.
 */
export interface TextClaims {
  /** Grows with every release: what was looked up before may be out of date after. */
  releases(): number
  /** Claims those of the keys that nobody holds, and returns them. */
  claim(keys: readonly string[]): Set<string>
  release(keys: Iterable<string>): void
  /** Resolves at the next release of any key. */
  nextRelease(): Promise<void>
}

export function createTextClaims(): TextClaims {
  const held = new Set<string>()
  let releases = 0
  let waiting: (() => void)[] = []
  return {
    releases: () => releases,
    claim(keys) {
      const claimed = new Set(keys.filter(key => !held.has(key)))
      for (const key of claimed) held.add(key)
      return claimed
    },
    release(keys) {
      for (const key of keys) held.delete(key)
      releases++
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    },
    nextRelease: () => new Promise(resolve => waiting.push(resolve)),
  }
}
