/** Not in the table, or no room for it. */
export const absent = -1

/** A set of byte strings, numbered from 0 in the order in which they were added. */
export interface ByteTable {
  /** The number of `bytes[start..end)`, or `absent`. `hash` is `hashBytes` of the same range. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number
  /** Adds a string that is not in the table and gives its number, or `absent` when the table is full. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): number
}

/**
 * An open-addressing hash table, so that a lookup makes no string and adding makes no garbage. A slot holds the number
 * of the string and some bits of its hash, so that nearly every miss ends in the slot.
 */
export function createByteTable(maxStrings: number, maxBytes: number): ByteTable {
  if (maxStrings > maxNumber) throw new RangeError(`a byte table holds at most ${maxNumber} strings, not ${maxStrings}`)
  const slotMask = 2 ** Math.ceil(Math.log2(2 * maxStrings)) - 1
  const slots = new Int32Array(slotMask + 1).fill(absent)
  const ends = new Uint32Array(maxStrings + 1)
  const pool = new Uint8Array(maxBytes)
  let count = 0

  function find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start
    for (let at = hash & slotMask; ; at = (at + 1) & slotMask) {
      const slot = slots[at] as number
      if (slot === absent) return absent
      if ((slot ^ hash) & tagBits) continue
      const number = slot & maxNumber
      const from = ends[number] as number
      if ((ends[number + 1] as number) - from !== length) continue
      let i = 0
      while (i < length && pool[from + i] === bytes[start + i]) i++
      if (i === length) return number
    }
  }

  function add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const from = ends[count] as number
    if (count === maxStrings || from + end - start > maxBytes) return absent
    for (let i = start; i < end; i++) pool[from + i - start] = bytes[i] as number
    ends[count + 1] = from + end - start
    let at = hash & slotMask
    while (slots[at] !== absent) at = (at + 1) & slotMask
    slots[at] = (hash & tagBits) | count
    return count++
  }
  return { find, add }
}

/** FNV-1a, with its bits mixed at the end since the low ones choose the slot and the middle ones the tag. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}

const maxNumber = 0x1ffff
/** Without the sign, so that no slot in use looks like an absent one. */
const tagBits = 0x7ffe0000
