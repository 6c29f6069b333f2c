/**
 * The entry of a thread in each child, so that it works while the main thread is stuck in a loop or in native code: ends
 * the process when its parent is gone, and (where the parent cannot see it) when it passes its memory limit.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const CHECK_EVERY_MS = 100

/** `memoryLimitBytes` is Infinity where the parent watches. */
export interface WatchdogData {
  parentPid: number
  memoryLimitBytes: number
  memoryMarker: string
}

const { parentPid, memoryLimitBytes, memoryMarker } = workerData as WatchdogData

setInterval(() => {
  // An orphan is given to another parent, so the id changes.
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
  if (memoryLimitBytes < Number.POSITIVE_INFINITY && process.memoryUsage.rss() > memoryLimitBytes) {
    writeSync(2, `${memoryMarker}\n`)
    process.kill(process.pid, 'SIGKILL')
  }
}, CHECK_EVERY_MS)
