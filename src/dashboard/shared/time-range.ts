import { useSearchParams } from 'wouter'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** The time ranges that a page can show besides one between two moments; they stand in the URL as `range`, and all pages share it. */
export const timeRanges = {
  '1h': { label: 'Last hour', ms: hourMs },
  '24h': { label: 'Last 24 hours', ms: dayMs },
  '7d': { label: 'Last 7 days', ms: 7 * dayMs },
  '30d': { label: 'Last 30 days', ms: 30 * dayMs },
  '90d': { label: 'Last 90 days', ms: 90 * dayMs },
} as const
type RangeName = keyof typeof timeRanges

/** Two moments, as ISO times; they stand in the URL as `from` and `to`. `to` is the first moment after. */
export interface Between {
  from: string
  to: string
}
export type TimeRange = RangeName | Between

const standard: RangeName = '24h'
/** What the server takes. */
const mostMs = 400 * dayMs

export function readTimeRange(params: URLSearchParams): TimeRange {
  const between = { from: params.get('from') ?? '', to: params.get('to') ?? '' }
  if (whyUnusable(between) === null)
    return { from: new Date(between.from).toISOString(), to: new Date(between.to).toISOString() }
  const found = params.get('range')
  return found !== null && isRangeName(found) ? found : standard
}

export function isRangeName(text: string): text is RangeName {
  return Object.hasOwn(timeRanges, text)
}

/** Why there is no such range; null if there is. */
export function whyUnusable({ from, to }: Between): string | null {
  const ms = Date.parse(to) - Date.parse(from)
  if (Number.isNaN(ms)) return 'Both moments are needed'
  if (ms <= 0) return 'The end must be after the beginning'
  return ms > mostMs ? 'At most 400 days' : null
}

/** The range in the URL, and how to choose another one. */
export function useTimeRange(): [TimeRange, (range: TimeRange) => void] {
  const [params, setParams] = useSearchParams()
  const choose = (range: TimeRange) =>
    setParams(
      present => {
        for (const name of ['range', 'from', 'to']) present.delete(name)
        for (const [name, value] of Object.entries(typeof range === 'string' ? { range } : range))
          present.set(name, value)
        return present
      },
      { replace: true },
    )
  return [readTimeRange(params), choose]
}

/** The span of a range; one that goes until now has the present minute in it. */
export function spanOf(range: TimeRange, now = Date.now()): Between {
  if (typeof range !== 'string') return range
  const to = Math.ceil((now + 1) / 60_000) * 60_000
  return { from: new Date(to - timeRanges[range].ms).toISOString(), to: new Date(to).toISOString() }
}

/** Where days begin for the one who looks. */
export const timeZone = Intl.DateTimeFormat()
  .resolvedOptions()
  .timeZone.replace(/^(?!UTC$)[^/]*$/, 'UTC')

/** The days that a range touches there, e.g. `2026-11-23`, oldest first; with earlier ones where it has fewer than `least`. */
export function daysOf(range: TimeRange, least = 1): string[] {
  const span = spanOf(range)
  const last = Date.parse(dayOf(Date.parse(span.to) - 1))
  const first = Math.min(Date.parse(dayOf(Date.parse(span.from))), last - (least - 1) * dayMs)
  return Array.from({ length: 1 + Math.round((last - first) / dayMs) }, (_, i) =>
    new Date(first + i * dayMs).toISOString().slice(0, 10),
  )
}

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
function dayOf(ms: number): string {
  return dayFormat.format(ms)
}
