/** A value with its labels, in the order of the family's names. */
export interface Sample {
  labels: readonly string[]
  value: number
}

/** A metric whose values are read from somewhere at a scrape. `counter`: it only grows, as long as nothing is removed. */
export interface Family<Source> {
  name: string
  kind: 'gauge' | 'counter'
  help: string
  labels: readonly string[]
  samples(source: Source): Sample[]
}

/** Numbers of the same labels are one sample. */
export function addUp(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>()
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels)
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value })
  }
  return [...sums.values()]
}

/** Of samples of the same labels, the one with the least value. */
export function least(samples: readonly Sample[]): Sample[] {
  const found = new Map<string, Sample>()
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels)
    const known = found.get(key)
    if (!known || sample.value < known.value) found.set(key, sample)
  }
  return [...found.values()]
}
