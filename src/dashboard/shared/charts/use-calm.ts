import { startTransition, useEffect, useRef, useState } from 'react'

const everyMs = 3_000

/**
 * Plain data as it was at most three seconds ago: what takes longer to draw than a frame lasts is drawn anew that seldom, and in pieces. What is
 * `of` something else is shown at once.
 */
export function useCalm<Data>(data: Data, of: string): Data {
  const text = JSON.stringify(data)
  const [shown, setShown] = useState(data)
  const last = useRef({ text, of, atMs: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (text === last.current.text) return
    const dueMs = of === last.current.of ? last.current.atMs + everyMs - performance.now() : 0
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
