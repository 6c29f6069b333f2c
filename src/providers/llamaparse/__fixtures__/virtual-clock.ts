interface Sleeper {
  atMs: number
  wake(): void
}

/** A clock that stands still until it is advanced, and what sleeps by it. */
export function createVirtualClock(start = '2026-11-23T12:00:00.000Z') {
  let nowMs = Date.parse(start)
  const sleepers = new Set<Sleeper>()

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const sleeper = { atMs: nowMs + ms, wake: resolve }
      sleepers.add(sleeper)
      signal.addEventListener('abort', () => {
        sleepers.delete(sleeper)
        reject(signal.reason)
      })
    })
  }

  /** Wakes all who sleep until then, in order, each when everything that the one before set off has come to rest. */
  async function advance(ms: number): Promise<void> {
    const endMs = nowMs + ms
    for (;;) {
      await comeToRest()
      const next = [...sleepers].sort((a, b) => a.atMs - b.atMs)[0]
      if (!next || next.atMs > endMs) break
      sleepers.delete(next)
      nowMs = Math.max(nowMs, next.atMs)
      next.wake()
    }
    nowMs = endMs
  }

  return { now: () => new Date(nowMs), sleep, advance }
}

/** Lets all that waits for nothing outside of the process go on as far as it can. */
async function comeToRest(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
}
