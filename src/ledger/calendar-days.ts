import { budgetWindow } from './budget-window.ts'
import type { CostPeriod } from './cost-period.ts'

/** Days in a row: when each begins, and its date (YYYY-MM-DD). */
export interface CalendarDays {
  starts: Date[]
  names: string[]
}

/** The days of a time zone that a period touches, oldest first; 23 to 25 hours long where the clocks change. */
export function calendarDays({ from, to }: CostPeriod, timeZone: string): CalendarDays {
  const days: CalendarDays = { starts: [], names: [] }
  for (let at = from; at < to; ) {
    const { start, end } = budgetWindow('day', timeZone, at)
    days.starts.push(start)
    days.names.push(dateOf(start, timeZone))
    at = end
  }
  return days
}

function dateOf(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
