import pc from 'picocolors'
import type { Colors } from 'picocolors/types.js'
import type { OutputStream } from '../cli-io.ts'

/** One output stream with what is known of it. */
export interface Terminal {
  line(text?: string): void
  write(text: string): void
  colors: Colors
  isTerminal: boolean
  columns(): number
  rows(): number
}

/** `color` false switches colours off; so do NO_COLOR, TERM=dumb and a stream that is no terminal. FORCE_COLOR forces them. */
export function openTerminal(
  stream: OutputStream,
  color: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb'
  const forced = (env.FORCE_COLOR ?? '0') !== '0' && env.FORCE_COLOR !== ''
  const coloured = color && !env.NO_COLOR && (isTerminal || forced)
  return {
    line: (text = '') => void stream.write(`${text}\n`),
    write: text => void stream.write(text),
    colors: pc.createColors(coloured),
    isTerminal,
    columns: () => (isTerminal ? Math.max(stream.columns ?? 80, 40) : 100),
    rows: () => stream.rows ?? 24,
  }
}
