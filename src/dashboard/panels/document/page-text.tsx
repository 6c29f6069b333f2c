import { useEffect, useRef } from 'react'
import type { Chunk } from '../../../contract/chunk.ts'
import styles from './document.module.css'

interface PageTextProps {
  markdown: string
  chunks: readonly Pick<Chunk, 'ordinal' | 'start' | 'end'>[]
  chosen: number | null
}

/** The markdown of a page with its chunks marked; the chosen one comes into view. Overlaps belong to the earlier chunk. */
export function PageText({ markdown, chunks, chosen }: PageTextProps) {
  const chosenRef = useRef<HTMLElement>(null)
  useEffect(() => {
    if (chosen !== null) chosenRef.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section className={styles.text} aria-label="Text of this page" tabIndex={0}>
      {cutAtChunks(markdown, chunks).map(({ text, start, ordinal }) =>
        ordinal === null ? (
          <span key={start}>{text}</span>
        ) : (
          <mark
            key={start}
            ref={ordinal === chosen ? chosenRef : null}
            className={`${styles.chunk} ${ordinal === chosen ? styles.chosen : ''}`}
          >
            {text}
          </mark>
        ),
      )}
    </section>
  )
}

function cutAtChunks(
  markdown: string,
  chunks: PageTextProps['chunks'],
): { text: string; start: number; ordinal: number | null }[] {
  const pieces = []
  let at = 0
  for (const { ordinal, start, end } of chunks) {
    const from = Math.max(at, start)
    if (from > at) pieces.push({ text: markdown.slice(at, from), start: at, ordinal: null })
    if (end > from) pieces.push({ text: markdown.slice(from, end), start: from, ordinal })
    at = Math.max(at, end)
  }
  if (at < markdown.length) pieces.push({ text: markdown.slice(at), start: at, ordinal: null })
  return pieces
}
