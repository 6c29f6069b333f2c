/** A binary heap of numbers, lowest first. */
export interface NumberHeap {
  readonly size: number
  /** Empties it and makes room for `capacity` numbers at once. */
  reset(capacity: number): void
  push(value: number): void
  /** Takes the lowest number; the heap must not be empty. */
  pop(): number
}

/** `keptCapacity` bounds the memory that stays reserved after a larger use. */
export function createNumberHeap(keptCapacity: number): NumberHeap {
  let values = new Float64Array(keptCapacity)
  let size = 0

  function reset(capacity: number): void {
    size = 0
    const wanted = Math.max(capacity, keptCapacity)
    if (wanted !== values.length) values = new Float64Array(wanted)
  }

  function push(value: number): void {
    let hole = size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if ((values[parent] as number) <= value) break
      values[hole] = values[parent] as number
      hole = parent
    }
    values[hole] = value
  }

  function pop(): number {
    const lowest = values[0] as number
    const last = values[--size] as number
    let hole = 0
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && (values[child + 1] as number) < (values[child] as number)) child++
      if ((values[child] as number) >= last) break
      values[hole] = values[child] as number
      hole = child
    }
    values[hole] = last
    return lowest
  }
  return {
    get size() {
      return size
    },
    reset,
    push,
    pop,
  }
}
