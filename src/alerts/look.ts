import type { RuleId } from '../contract/alert-kind.ts'
import type { Rule } from '../contract/alert-rule.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type AlertState, nextState, unseen } from './next-state.ts'
import type { Reading } from './reading.ts'
import {
  endLasting,
  forgetState,
  raiseLasting,
  readWatched,
  type SubjectKey,
  saveState,
  type Watched,
} from './states.sql.ts'

/** What the rules see now, and for which of them nothing could be seen: theirs stay as they are. */
export interface Sight {
  readings: readonly Reading[]
  blind: ReadonlySet<RuleId>
}

/**
 * Lets the rules look once, in the transaction of `session`: alerts are raised and ended there. What nothing is seen of any more, and
 * whatever a rule that is switched off looked at, is well.
 */
export async function look(
  session: Session<Tables>,
  rules: Readonly<Record<RuleId, Rule>>,
  { readings, blind }: Sight,
  now: Date,
): Promise<void> {
  const looking = (Object.keys(rules) as RuleId[]).filter(ruleId => !blind.has(ruleId))
  const watched = new Map((await readWatched(session, looking)).map(one => [keyOf(one), one]))
  const seen = new Map(readings.filter(({ ruleId }) => !blind.has(ruleId)).map(one => [keyOf(one), one]))
  for (const key of new Set([...watched.keys(), ...seen.keys()])) {
    const [known, reading] = [watched.get(key), seen.get(key)]
    const subject = known ?? reading
    if (subject) await lookAt(session, subject, rules[subject.ruleId], { known, reading, now })
  }
}

interface Subject {
  known: Watched | undefined
  reading: Reading | undefined
  now: Date
}

async function lookAt(session: Session<Tables>, key: SubjectKey, rule: Rule, { known, reading, now }: Subject) {
  const isOver = rule.isOn && reading !== undefined && reading.value > rule.threshold
  const before: AlertState = known ?? unseen
  const times = rule.isOn ? rule : { ...rule, recoverSeconds: 0, cooldownSeconds: 0 }
  const { state, act } = nextState(before, times, { isOver, lasts: known?.lasts ?? false, now })
  const threshold = rule.unit === null ? {} : { threshold: rule.threshold, unit: rule.unit }
  if (act === 'raise' && reading)
    await raiseLasting(session, key, { ...reading.details, value: rounded(reading.value), ...threshold }, now)
  if (act === 'recover') await endLasting(session, key, now)
  if (isSame(before, state)) return
  if (isSame(state, unseen)) await forgetState(session, key)
  else await saveState(session, key, state)
}

const keyOf = ({ tenantId, ruleId, subject }: SubjectKey) => JSON.stringify([tenantId, ruleId, subject])
const rounded = (value: number) => Math.round(value * 100) / 100

function isSame(a: AlertState, b: AlertState): boolean {
  const names = ['overSince', 'healthySince', 'endedAt'] as const
  return names.every(name => a[name]?.getTime() === b[name]?.getTime())
}
