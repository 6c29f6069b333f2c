import { absent, type ByteTable, createByteTable } from './byte-table.ts'

/** Token counts by the bytes of a piece. */
export interface CountCache {
  get(bytes: Uint8Array, length: number, hash: number): number | undefined
  set(bytes: Uint8Array, length: number, hash: number, count: number): void
}

/**
 * A cache of bounded size (about 5 MB): when the young half is full it becomes the old one, and the old one is dropped.
 * What is found in the old half moves to the young one, so that frequent pieces stay.
 */
export function createCountCache(): CountCache {
  let young = createHalf()
  let old = createHalf()

  function set(bytes: Uint8Array, length: number, hash: number, count: number): void {
    let number = young.table.add(bytes, 0, length, hash)
    if (number === absent) {
      old = young
      young = createHalf()
      number = young.table.add(bytes, 0, length, hash)
    }
    young.counts[number] = count
  }

  function get(bytes: Uint8Array, length: number, hash: number): number | undefined {
    const number = young.table.find(bytes, 0, length, hash)
    if (number !== absent) return young.counts[number]
    const oldNumber = old.table.find(bytes, 0, length, hash)
    if (oldNumber === absent) return undefined
    const count = old.counts[oldNumber] ?? 0
    set(bytes, length, hash, count)
    return count
  }
  return { get, set }
}

interface Half {
  table: ByteTable
  counts: Uint8Array
}

const halfStrings = 65_536
const halfBytes = 1 << 20

/** A piece in the cache has at most 192 bytes (64 code units), and so as many tokens: they fit into a byte. */
function createHalf(): Half {
  return { table: createByteTable(halfStrings, halfBytes), counts: new Uint8Array(halfStrings) }
}
