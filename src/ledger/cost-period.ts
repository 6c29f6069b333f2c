import { AppError } from '../contract/failure.ts'

export interface CostPeriod {
  from: Date
  /** The first moment after it. */
  to: Date
}

interface PeriodWish {
  from?: string | undefined
  to?: string | undefined
  timeZone: string
}

/**
 * The period that is meant: times are taken as they are, days are days of the time zone (23 to 25 hours long), `to` with all of
 * its day. What is missing is the beginning or end of the month of the other one, or of `now`. Throws `validation_failed` when
 * it ends before it begins.
 */
export function costPeriod({ from, to, timeZone }: PeriodWish, now: Temporal.Instant): CostPeriod {
  const beginning = from === undefined ? null : firstMoment(from, timeZone, 0)
  const end = to === undefined ? null : firstMoment(to, timeZone, 1)
  const thisMonth = monthOf(now, timeZone)
  const begins = beginning ?? (end === null ? thisMonth : monthOf(end.subtract({ nanoseconds: 1 }), timeZone)).first
  const ends = end ?? later(thisMonth.next, monthOf(begins, timeZone).next)
  if (Temporal.Instant.compare(begins, ends) >= 0)
    throw new AppError('validation_failed', `The period ends (${ends}) before it begins (${begins}).`)
  return { from: new Date(begins.epochMilliseconds), to: new Date(ends.epochMilliseconds) }
}

function firstMoment(text: string, timeZone: string, daysLater: number): Temporal.Instant {
  if (text.includes('T')) return Temporal.Instant.from(text)
  return Temporal.PlainDate.from(text).add({ days: daysLater }).toZonedDateTime(timeZone).toInstant()
}

function monthOf(at: Temporal.Instant, timeZone: string) {
  const first = at.toZonedDateTimeISO(timeZone).toPlainDate().with({ day: 1 })
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).toInstant()
  return { first: startOf(first), next: startOf(first.add({ months: 1 })) }
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) > 0 ? a : b
}
