import type { Terminal } from '../text/terminal.ts'
import type { IngestRow } from './ingest-row.ts'
import { progressLines, resultOf } from './progress-lines.ts'
import { rowState } from './row-state.ts'

export interface Progress {
  changed(row: IngestRow): void
  tick(): void
  /** Removes what is drawn in place. */
  clear(): void
}

/** Shows progress: redrawn in place on a terminal, otherwise a line at each change of a row. */
export function openProgress(err: Terminal, rows: readonly IngestRow[], now: () => number): Progress {
  return err.isTerminal ? liveProgress(err, rows, now) : plainProgress(err)
}

function plainProgress(err: Terminal): Progress {
  const told = new Map<IngestRow, string>()
  return {
    changed(row) {
      const result = resultOf(row)
      const text = `${row.label}: ${rowState(row)}${result === '' ? '' : `, ${result}`}`
      if (told.get(row) !== text) err.line(text)
      told.set(row, text)
    },
    tick: () => {},
    clear: () => {},
  }
}

function liveProgress(err: Terminal, rows: readonly IngestRow[], now: () => number): Progress {
  const startedAt = now()
  let drawn = 0
  const erasing = () => (drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '')
  return {
    changed: () => {},
    tick() {
      const lines = progressLines(rows, now() - startedAt, Math.max(4, Math.min(err.rows() - 2, mostLines)), err)
      // One write, so that the picture does not flicker.
      err.write(`${erasing()}${lines.join('\n')}\n`)
      drawn = lines.length
    },
    clear() {
      err.write(erasing())
      drawn = 0
    },
  }
}

const mostLines = 16
