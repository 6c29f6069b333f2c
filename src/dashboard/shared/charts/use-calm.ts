import { startTransition, useEffect, useRef, useState } from 'react'

const everyMs = 3_000
const unseenEveryMs = 60_000

/**
 * Plain data as it was at most three seconds ago, and at most a minute where it would look alike: what takes longer to draw than a frame lasts is
 * drawn anew that seldom, and in pieces. What is `of` something else is shown at once.
 */
export function useCalm<Data>(data: Data, of: string, looksAlike: (before: Data, now: Data) => boolean): Data {
  const text = JSON.stringify(data)
  const [shown, setShown] = useState(data)
  const last = useRef({ text, of, atMs: performance.now() })
  const alike = useRef(looksAlike)
  useEffect(() => {
    if (text === last.current.text) return
    const isAlike = () => alike.current(JSON.parse(last.current.text) as Data, JSON.parse(text) as Data)
    const waitMs = of !== last.current.of ? 0 : isAlike() ? unseenEveryMs : everyMs
    const dueMs = last.current.atMs + waitMs - performance.now()
    const timer = setTimeout(
      () => {
        last.current = { text, of, atMs: performance.now() }
        startTransition(() => setShown(JSON.parse(text) as Data))
      },
      Math.max(0, dueMs),
    )
    return () => clearTimeout(timer)
  }, [text, of])
  return shown
}
