export type Fields = Readonly<Record<string, unknown>>

/** The fields of all together, objects merged at every depth; of values and lists the last one stays. */
export function mergeFields(...all: readonly Fields[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const [name, value] of all.flatMap(fields => Object.entries(fields))) {
    const before = Object.hasOwn(merged, name) ? merged[name] : undefined
    const joined = isFields(before) && isFields(value) ? mergeFields(before, value) : value
    // Not by assignment: a field could be named __proto__.
    Object.defineProperty(merged, name, { value: joined, enumerable: true, configurable: true, writable: true })
  }
  return merged
}

/** The value at this path of nested fields; undefined where there is none. */
export function fieldOf(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((at, name) => (isFields(at) && Object.hasOwn(at, name) ? at[name] : undefined), value)
}

/** JSON in which the order of fields does not matter, and a null is as good as nothing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (!isFields(inner)) return inner
    const entries = Object.entries(inner).filter(([, field]) => field !== null && field !== undefined)
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
