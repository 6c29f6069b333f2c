/** What was read, or that it could not be. */
export type Remembered<T> = { kind: 'read'; value: T } | { kind: 'failed' }

const soonMs = 5_000
/** What took long is read so much less often: at most a twentieth of the time is spent on reading. */
const restFactor = 20

/** Reads when asked, one at a time, and not again for `freshMs`: however often somebody asks, the database has little of it. */
export function remember<T>(
  read: () => Promise<T>,
  onError: (error: unknown) => void,
  { now = () => performance.now(), freshMs = soonMs }: { now?: () => number; freshMs?: number } = {},
): () => Promise<Remembered<T>> {
  let last: Promise<Remembered<T>> | null = null
  let until = 0
  const start = async (): Promise<Remembered<T>> => {
    const startedAt = now()
    until = Number.POSITIVE_INFINITY
    const found = await read().then(
      value => ({ kind: 'read' as const, value }),
      error => {
        onError(error)
        return { kind: 'failed' as const }
      },
    )
    until = now() + Math.max(freshMs, restFactor * (now() - startedAt))
    return found
  }
  return () => {
    if (!last || now() >= until) last = start()
    return last
  }
}
