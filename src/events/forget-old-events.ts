import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { forgetOldest, forgottenAtOnce } from './events.sql.ts'

const keptHours = 24
const mostKept = 500_000

/** Forgets events after a day, and all but the newest 500,000, in steps that hold nobody up. Readers that had not seen them are told. */
export async function forgetOldEvents(
  database: Pick<Session<Tables>, 'kysely'>,
  most: number = mostKept,
): Promise<void> {
  while ((await forgetOldest(database, keptHours, most)) === forgottenAtOnce) {}
}
