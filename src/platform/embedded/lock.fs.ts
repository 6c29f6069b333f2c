import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../contract/failure.ts'

export interface LockHolder {
  pid: number
  host: string
  /** Clock ticks since boot at which the process started (Linux), so that a reused pid is not taken for the holder. */
  processStart: string | null
  since: string
  token: string
}

export interface DirectoryLock {
  release(): void
}

const touchEveryMs = 2_000
const foreignHostStaleMs = 15_000

/**
 * Takes `<directory>/lock.json`, which says who uses the directory. A lock whose process is gone (on this host: by pid and
 * start time; from another host: not touched for 15 s) is taken over. Throws `database_in_use` naming the holder.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'lock.json')
  const mine: LockHolder = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    since: new Date().toISOString(),
    token: randomUUID(),
  }
  for (let tries = 0; tries < 10; tries++) {
    if (take(directory, path, mine)) return hold(path, mine)
  }
  throw new AppError('database_in_use', `The lock ${path} changes hands too fast; another process is starting.`)
}

/**
 * Whoever takes over a dead holder's lock first links a file named after that holder: only one process can, and it may die as
 * well, then its own successor counts. So a lock is never absent while it changes hands. It has changed hands when the
 * successor stands in `lock.json` itself.
 */
function take(directory: string, path: string, mine: LockHolder): boolean {
  const first = read(path)
  let place = path
  for (let holder = first; holder; holder = read(place)) {
    if (isAlive(place, holder)) {
      // In a place after the first one, it may be somebody who comes too late for that, as this one does, and is about to see it.
      if (place !== path && read(path)?.token !== first?.token) return false
      throw inUse(directory, holder)
    }
    place = `${path}.after-${holder.token}`
  }
  if (!create(place, `${path}.${mine.token}`, mine)) return false
  if (place === path) return true
  if (read(path)?.token !== first?.token) {
    // Somebody was faster with all of this, and has cleaned up.
    rmSync(place, { force: true })
    return false
  }
  writeFileSync(`${path}.${mine.token}`, JSON.stringify(mine))
  renameSync(`${path}.${mine.token}`, path)
  for (const name of readdirSync(directory)) {
    if (name.startsWith('lock.json.after-')) rmSync(join(directory, name), { force: true })
  }
  return true
}

function inUse(directory: string, holder: LockHolder): AppError {
  return new AppError(
    'database_in_use',
    `The data directory ${directory} is used by process ${holder.pid} on ${holder.host} since ${holder.since}.`,
  )
}

/** Writes aside and links: the lock appears whole or not at all. */
function create(path: string, aside: string, holder: LockHolder): boolean {
  writeFileSync(aside, JSON.stringify(holder))
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside)
  }
}

/** What a crash of the whole machine can leave: a lock without its content. */
const unreadable: LockHolder = {
  pid: 0,
  host: 'an unknown host',
  processStart: null,
  since: 'an unknown time',
  token: 'unreadable',
}

/** The holder, null when there is no lock. */
function read(path: string): LockHolder | null {
  try {
    return { ...unreadable, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder>) }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : unreadable
  }
}

function isAlive(path: string, holder: LockHolder): boolean {
  if (holder.host !== hostname()) return Date.now() - touchedAt(path) < foreignHostStaleMs
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.processStart === processStart(holder.pid)
}

function touchedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function hold(path: string, mine: LockHolder): DirectoryLock {
  const timer = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // The directory was removed; the database will say so itself.
    }
  }, touchEveryMs)
  timer.unref()
  return {
    release() {
      clearInterval(timer)
      if (read(path)?.token === mine.token) rmSync(path, { force: true })
    },
  }
}

/** Null for what is no process (any more), a zombie included: it has ended, but its parent has not asked for its end. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}
