import type { EventKind } from '../contract/event.ts'
import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { Session } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { readEvents } from './events.sql.ts'
import { type Follower, follow } from './follow.ts'
import { createJournal } from './journal.ts'
import { decodePosition } from './position.ts'

/** Tells all who follow in this process what happens, in all processes. As long as nobody follows, nothing is read. */
export interface EventFeed {
  /**
   * The text of a stream of server-sent events. It ends when the feed closes; `cut` is called when it has to be broken off instead: its reader
   * is too slow, or its key is not valid any more. Throws `too_many_streams`.
   */
  open(wish: FollowWish, cut: () => void): Promise<{ text: AsyncIterable<string>; end(): void }>
  close(): Promise<void>
}

export interface FollowWish {
  caller: { tenantId: string; keyId: string | null }
  /** Whose events, and which: `null` stands for all. */
  tenants: readonly string[] | null
  kinds: readonly EventKind[] | null
  /** The id behind which it goes on; null: from now on. */
  after: string | null
}

export interface FeedOptions {
  database: Pick<Session<Tables>, 'kysely'>
  /** Which of these API keys are not valid any more. */
  revokedOf(keyIds: readonly string[]): Promise<readonly string[]>
  onError(error: unknown): void
  /** How many events are kept for those who read slowly. */
  mostEvents?: number
  mostFollowers?: number
  heartbeatMs?: number
  checkKeysEveryMs?: number
}

interface Member extends Follower, Pick<FollowWish, 'caller'> {
  ring(): void
  cut(): void
}

const readEveryMs = 150
/** Of all followers, so many may be of one tenant. */
const tenantsShare = 0.2

export function createEventFeed(options: FeedOptions): EventFeed {
  const { database, onError, mostEvents = 5_000, mostFollowers = 500 } = options
  const { heartbeatMs = 15_000, checkKeysEveryMs = 5_000 } = options
  const members = new Set<Member>()
  const journal = createJournal(database, mostEvents)
  let isOpen = true

  const read = coalesce(async () => {
    if (members.size === 0) return journal.rest()
    await journal.refresh()
    for (const member of [...members]) {
      if (member.next === null) continue
      if (member.next < journal.first) cutOff(member)
      else if (member.next < journal.next) member.ring()
    }
  })
  const end = (member: Member) => {
    member.hasEnded = true
    members.delete(member)
    member.ring()
  }
  const cutOff = (member: Member) => {
    end(member)
    member.cut()
  }
  const checkKeys = async () => {
    const keyIds = [...members].flatMap(({ caller }) => (caller.keyId === null ? [] : [caller.keyId]))
    if (keyIds.length === 0) return
    const revoked = new Set(await options.revokedOf([...new Set(keyIds)]))
    for (const member of [...members]) if (revoked.has(member.caller.keyId ?? '')) cutOff(member)
  }
  const chores = [repeat(read, readEveryMs, onError), repeat(checkKeys, checkKeysEveryMs, onError)]

  const refuseIfFull = (tenantId: string) => {
    if (!isOpen) throw new AppError('shutting_down', 'The server is stopping.')
    const own = [...members].filter(({ caller }) => caller.tenantId === tenantId).length
    const mostOwn = Math.ceil(mostFollowers * tenantsShare)
    if (members.size < mostFollowers && own < mostOwn) return
    throw new AppError(
      'too_many_streams',
      `This process has ${members.size} of at most ${mostFollowers} streams open, ${own} of at most ${mostOwn} of tenant ${tenantId}.`,
    )
  }
  return {
    async open(wish, cut) {
      refuseIfFull(wish.caller.tenantId)
      const member = createMember(wish, cut)
      members.add(member)
      try {
        await read()
      } catch (error) {
        end(member)
        throw error
      }
      const from = wish.after === null ? null : (decodePosition(wish.after) ?? 'unknown')
      const text = follow({
        journal,
        follower: member,
        from,
        read: range => readEvents(database, range),
        heartbeatMs,
      })
      return { text, end: () => end(member) }
    },
    async close() {
      isOpen = false
      for (const member of [...members]) end(member)
      await Promise.all(chores.map(chore => chore.stop()))
    },
  }
}

function createMember({ caller, tenants, kinds }: FollowWish, cut: () => void): Member {
  let wake: ((hasRung: boolean) => void) | null = null
  return {
    caller,
    filter: { tenants, kinds },
    next: null,
    hasEnded: false,
    cut,
    ring: () => wake?.(true),
    async wait(ms) {
      if (this.hasEnded) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(resolve, ms, false)
      wake = resolve
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        wake = null
      }
    },
  }
}
