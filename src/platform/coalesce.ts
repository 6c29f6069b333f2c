/** Runs `task` one at a time. Each call gets a run that begins after it; calls that wait for the same run share it. */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | null = null
  return () => {
    if (waiting !== null) return waiting
    const ended = last.catch(() => {})
    waiting = ended.then(() => {
      waiting = null
      return task()
    })
    last = waiting
    return waiting
  }
}
