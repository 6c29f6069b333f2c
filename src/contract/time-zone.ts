import { z } from 'zod'

/** A name that has a slash, or UTC: PostgreSQL takes short ones like CET for fixed offsets, and reads +02:00 backwards. */
export const timeZoneSchema = z
  .string()
  .default('UTC')
  .refine(isTimeZone, 'an IANA time zone such as Europe/Berlin, or UTC')

function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
