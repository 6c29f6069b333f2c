/** One figure. `bound` is what it is to keep, `of` another figure of the same run that it is compared with. */
export interface Measurement {
  name: string
  value: number
  unit: string
  bound?: { atLeast: number } | { atMost: number }
  of?: { name: string; ratio: number }
  /** The least and the most of several rounds, of which `value` is the middle one. */
  range?: { from: number; to: number }
}

/** A figure with its ratio to a bound: 0.25 says that it reaches a quarter of what the bound reaches. */
export function comparedWith(measurement: Measurement, bound: Measurement): Measurement {
  return { ...measurement, of: { name: bound.name, ratio: measurement.value / bound.value } }
}

export function meetsBound({ value, bound }: Measurement): boolean {
  if (bound === undefined) return true
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost
}

/** A table of one part's figures: name, value, unit, goal and whether it is met, ratio. */
export function formatMeasurements(title: string, measurements: readonly Measurement[]): string {
  const rows = measurements.map(m => [
    m.name,
    formatNumber(m.value),
    m.unit + formatRange(m),
    formatBound(m),
    formatRatio(m),
  ])
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const lines = rows.map(([name = '', value = '', unit = '', ...rest]) => {
    const [bound = '', ratio = ''] = rest
    const cells = [name.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), unit.padEnd(widths[2] ?? 0)]
    return `  ${[...cells, bound.padEnd(widths[3] ?? 0), ratio].join('  ').trimEnd()}`
  })
  return `${title}\n${lines.join('\n')}\n`
}

function formatRange({ range }: Measurement): string {
  return range === undefined ? '' : ` (${formatNumber(range.from)} to ${formatNumber(range.to)})`
}

function formatBound(measurement: Measurement): string {
  const { bound } = measurement
  if (bound === undefined) return ''
  const goal = 'atLeast' in bound ? `goal ≥ ${formatNumber(bound.atLeast)}` : `goal ≤ ${formatNumber(bound.atMost)}`
  return `${goal} ${meetsBound(measurement) ? 'met' : 'MISSED'}`
}

function formatRatio({ of }: Measurement): string {
  return of === undefined ? '' : `${formatNumber(of.ratio)} × ${of.name}`
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en')
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
