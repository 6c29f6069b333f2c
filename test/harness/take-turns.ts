import type { Place } from './databases.ts'

const bothAreThere = process.env.TEST_DATABASE_URL !== undefined && process.env.TEST_DATABASE_URL !== ''

/** Of long lists of steps, those for this database: in `npm test` the two take turns where both are there, `npm run torture` does all on both. */
export function takeTurns<Step>(steps: readonly Step[], kind: Place['kind']): Step[] {
  if (process.env.TORTURE || !bothAreThere) return [...steps]
  return steps.filter((_, i) => i % 2 === (kind === 'embedded' ? 0 : 1))
}
