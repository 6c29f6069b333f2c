/**
 * Runs `act` with a signal that aborts with the caller's, or when the time is over: `late` then. Rejects with the caller's reason
 * when that aborts, else as `act` does. The wait ends even when whoever got the signal forgets it: a Request holds its signal
 * weakly, and one that nobody else holds can be collected together with the wait for it.
 */
export async function withDeadline<T>(
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  act: (signal: AbortSignal) => Promise<T>,
): Promise<{ kind: 'done'; value: T } | { kind: 'late' }> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true })
  })
  const end = () => stop.abort()
  const timer = setTimeout(end, timeoutMs)
  signal.addEventListener('abort', end, { once: true })
  try {
    return { kind: 'done', value: await Promise.race([act(stop.signal), stopped]) }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (stop.signal.aborted) return { kind: 'late' }
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
