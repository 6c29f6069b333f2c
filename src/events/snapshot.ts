/** Which transactions somebody has seen: those before `end`, but for the ones that were still running (ascending). */
export interface Snapshot {
  end: bigint
  running: readonly bigint[]
}

/** Reads PostgreSQL's text of a pg_snapshot, `xmin:xmax:xip,xip…`. Throws on anything else. */
export function parseSnapshot(text: string): Snapshot {
  const [, end = '', running = ''] = /^\d+:(\d+):([\d,]*)$/.exec(text) ?? []
  if (end === '') throw new Error(`not a snapshot: ${text}`)
  return { end: BigInt(end), running: running === '' ? [] : running.split(',').map(BigInt) }
}

/** The same as PostgreSQL's text, to ask it what is visible in there. */
export function snapshotText(snapshot: Snapshot): string {
  return `${firstUnseen(snapshot)}:${snapshot.end}:${snapshot.running.join(',')}`
}

/** The first transaction that is not seen: all before it are. */
export function firstUnseen({ end, running }: Snapshot): bigint {
  return running[0] ?? end
}

/** What of it remains when only the transactions up to `last` have been read. */
export function cutSnapshot({ end, running }: Snapshot, last: bigint): Snapshot {
  if (last + 1n >= end) return { end, running }
  return { end: last + 1n, running: running.filter(transaction => transaction <= last) }
}

const mostRunning = 5_000

/** As short as it can be: `end`, and how far before it each running one is, in base 36. */
export function encodeSnapshot({ end, running }: Snapshot): string {
  return [end, ...running.map(transaction => end - transaction)].map(number => number.toString(36)).join('-')
}

/** Null for a text that `encodeSnapshot` has not made. */
export function decodeSnapshot(text: string): Snapshot | null {
  const numbers = text.split('-')
  if (numbers.length > mostRunning || numbers.some(number => !/^[0-9a-z]{1,12}$/.test(number))) return null
  const [end = 0n, ...distances] = numbers.map(readBase36)
  const running = distances.map(distance => end - distance)
  const isAscending = running.every((transaction, i) => transaction > (running[i - 1] ?? 0n) && transaction < end)
  return isAscending ? { end, running } : null
}

function readBase36(text: string): bigint {
  return [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
}
