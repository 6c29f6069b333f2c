import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const everyBytes = 16 << 20
let allocatedBytes = 0
let collect: ((options: { type: 'minor' }) => void) | null = null

/**
 * To be told of every piece that is read from a socket. V8 sees how small a Buffer's object is, not how large its bytes are,
 * and lets up to 64 MB of used pieces lie about before it collects them; a minor collection for each 16 MB takes 0.5 ms and
 * keeps the growth of the process under a long upload at 13 MB instead of 67 MB (measured with 500 MB).
 */
export function noteAllocated(byteCount: number): void {
  allocatedBytes += byteCount
  if (allocatedBytes < everyBytes) return
  allocatedBytes = 0
  collect ??= findCollector()
  collect({ type: 'minor' })
}

function findCollector(): NonNullable<typeof collect> {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
