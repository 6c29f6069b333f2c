export interface GatherOptions<Item> {
  /** Runs that may be under way at once. */
  atOnce: number
  /** A run takes items up to this size together, and at least one. */
  maxSize: number
  sizeOf(item: Item): number
}

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Work that costs much by the run and little by the item: what comes while runs are under way goes into the next one together. Nothing
 * waits for company: the first item is taken at once. `run` gives the results in the order of its items; it fails for all of them.
 */
export function gather<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { atOnce, maxSize, sizeOf }: GatherOptions<Item>,
): (item: Item) => Promise<Result> {
  let queue: Waiting<Item, Result>[] = []
  let running = 0

  function takeGroup(): Waiting<Item, Result>[] {
    let size = 0
    const first = queue.findIndex(({ item }) => {
      size += sizeOf(item)
      return size > maxSize
    })
    const count = first < 0 ? queue.length : Math.max(1, first)
    const group = queue.slice(0, count)
    queue = queue.slice(count)
    return group
  }

  async function runGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    running++
    try {
      const results = await run(group.map(({ item }) => item))
      for (const [i, { resolve }] of group.entries()) resolve(results[i] as Result)
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      running--
      start()
    }
  }

  function start(): void {
    while (running < atOnce && queue.length > 0) void runGroup(takeGroup())
  }

  return item =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      start()
    })
}
