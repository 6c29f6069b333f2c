import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { claimDue, type DueDelivery, isAnyDue, noteAttempt } from './deliveries.sql.ts'
import { nextDelivery } from './next-delivery.ts'
import type { Notice } from './notice.ts'
import { switchOff } from './receivers.sql.ts'
import { type SendOptions, send } from './send.http.ts'

export interface DeliverOptions extends SendOptions {
  database: Database<Tables>
  random(): number
}

/** Tells what is due, each receiver at the same time as the others. Returns how many deliveries were tried. */
export async function deliverDue(options: DeliverOptions): Promise<number> {
  if (!(await isAnyDue(options.database))) return 0
  const due = await options.database.transaction(claimDue)
  await Promise.all([...lettersOf(due)].map(letter => deliver(options, letter)))
  return due.length
}

type Letter = [DueDelivery, ...DueDelivery[]]

/** What goes out together: all that is due for people, each notice for itself to a program. */
function* lettersOf(due: readonly DueDelivery[]): Generator<Letter> {
  for (const all of Map.groupBy(due, one => one.receiverId).values()) {
    const [first, ...others] = all
    if (!first) continue
    if (first.target.kind === 'webhook') yield* all.map((one): Letter => [one])
    else yield [first, ...others]
  }
}

async function deliver({ database, random, ...options }: DeliverOptions, letter: Letter): Promise<void> {
  const [{ target, receiverId }] = letter
  const { ok, status, failure, retryAfterMs } = await send(target, letter as [Notice, ...Notice[]], options)
  await database.transaction(async session => {
    for (const one of letter) {
      const next = nextDelivery({ ok, status, retryAfterMs }, one.attempts, random())
      const state = next.kind === 'delivered' ? 'delivered' : next.kind === 'again' ? 'pending' : 'dead'
      await noteAttempt(session, one, { status, failure, state, inMs: next.kind === 'again' ? next.inMs : 0 })
      if (next.kind === 'gone') await switchOff(session, receiverId, 'It answered with 410: it is gone.')
    }
  })
}
