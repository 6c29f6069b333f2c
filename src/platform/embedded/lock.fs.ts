import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
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
  for (let tries = 0; tries < 5; tries++) {
    if (create(path, mine)) return hold(path, mine)
    const holder = read(path)
    if (holder && isAlive(path, holder)) throw inUse(directory, holder)
    if (holder) removeStale(path, holder)
  }
  throw new AppError('database_in_use', `The lock ${path} changes hands too fast; another process is starting.`)
}

function inUse(directory: string, holder: LockHolder): AppError {
  return new AppError(
    'database_in_use',
    `The data directory ${directory} is used by process ${holder.pid} on ${holder.host} since ${holder.since}.`,
  )
}

/** Writes aside and links: the lock appears whole or not at all. */
function create(path: string, holder: LockHolder): boolean {
  const aside = `${path}.${holder.token}`
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

function read(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder
  } catch {
    return null
  }
}

/** Renames before deleting, and puts back what turns out to be a newer lock. */
function removeStale(path: string, stale: LockHolder): void {
  const aside = `${path}.stale-${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = read(aside)
  if (moved && moved.token !== stale.token) create(path, moved)
  rmSync(aside, { force: true })
}

function isAlive(path: string, holder: LockHolder): boolean {
  if (holder.host !== hostname()) return Date.now() - statSync(path).mtimeMs < foreignHostStaleMs
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.processStart === processStart(holder.pid)
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

function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
