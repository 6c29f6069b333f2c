import type { BudgetPeriod } from '../contract/budget-terms.ts'

/** A budget's window: from `start` up to `end`, without it. */
export interface BudgetWindow {
  start: Date
  end: Date
}

/** Bounds of a window that never ends, which every database and every program can say. */
const always: BudgetWindow = { start: new Date('1970-01-01T00:00:00Z'), end: new Date('9999-12-31T00:00:00Z') }

/**
 * The window of `period` that holds the moment `at`, by the calendar of an IANA time zone: a day is 23 to 25 hours long where
 * the clocks change, weeks begin on Monday, months end when they do.
 */
export function budgetWindow(period: BudgetPeriod, timeZone: string, at: Date): BudgetWindow {
  if (period === 'total') return always
  if (period === 'hour') return hourOf(timeZone, at)
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
  const first = firstDay(period, today)
  const next = first.add(lengths[period])
  const end = startOf(next, timeZone)
  // St John's set its clocks from 00:01 back to 23:01: the new day had begun, and goes on.
  if (at >= end) return { start: end, end: startOf(next.add(lengths[period]), timeZone) }
  return { start: startOf(first, timeZone), end }
}

const lengths = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const

function firstDay(period: 'day' | 'week' | 'month', day: Temporal.PlainDate): Temporal.PlainDate {
  if (period === 'week') return day.subtract({ days: day.dayOfWeek - 1 })
  return period === 'month' ? day.with({ day: 1 }) : day
}

/** The first moment of a day, which is not 00:00 where the clocks skip that. */
function startOf(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).startOfDay().epochMilliseconds)
}

/**
 * Sixty minutes of real time, beginning where the clocks of the zone show a full hour by its offset on the first of January: hours
 * neither overlap nor leave gaps when the clocks change, even by half an hour. Where that offset is another one than the year
 * before, the last hour of the year is shorter.
 */
function hourOf(timeZone: string, at: Date): BudgetWindow {
  const hourMs = 3_600_000
  const here = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
  const january = here.with({ month: 1, day: 1 }).startOfDay()
  const nextYear = january.add({ years: 1 }).startOfDay()
  const passedMs = (at.getTime() - january.epochMilliseconds) % hourMs
  const startMs = at.getTime() - passedMs
  return { start: new Date(startMs), end: new Date(Math.min(startMs + hourMs, nextYear.epochMilliseconds)) }
}
