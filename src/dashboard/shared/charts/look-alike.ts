export type Bar = Readonly<Record<string, string | number>>

/**
 * Whether stacked bars with these `parts` look the same in a chart so many pixels high: none differs by half a pixel, nor appears or goes. Both have
 * the same bars.
 */
export function lookAlike(
  before: readonly Bar[],
  now: readonly Bar[],
  parts: readonly string[],
  height: number,
): boolean {
  const half = greatest(now, parts) / height / 2
  return now.every((bar, i) =>
    parts.every(part => {
      const [was, is] = [amountOf(before[i], part), amountOf(bar, part)]
      return was === is || (was > 0 && is > 0 && Math.abs(was - is) < half)
    }),
  )
}

function greatest(bars: readonly Bar[], parts: readonly string[]): number {
  return bars.reduce(
    (most, bar) =>
      Math.max(
        most,
        parts.reduce((sum, part) => sum + amountOf(bar, part), 0),
      ),
    0,
  )
}

function amountOf(bar: Bar | undefined, part: string): number {
  return Number(bar?.[part] ?? 0)
}
