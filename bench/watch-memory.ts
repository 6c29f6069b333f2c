import { readdirSync, readFileSync } from 'node:fs'

/** The largest sum of resident memory of a process and all below it, in bytes; null where there is no /proc. */
export function watchMemory(pid: number, everyMs = 100): { stop(): { peakBytes: number; processes: number } | null } {
  if (process.platform !== 'linux') return { stop: () => null }
  let peakBytes = 0
  let processes = 0
  const sample = () => {
    const family = [pid, ...descendants(pid)]
    const bytes = family.reduce((sum, one) => sum + residentBytes(one), 0)
    if (bytes > peakBytes) [peakBytes, processes] = [bytes, family.length]
  }
  sample()
  const timer = setInterval(sample, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return { peakBytes, processes }
    },
  }
}

/** User and system time of a process and all that live below it, in milliseconds. */
export function processorMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const ticksPerSecond = 100
  const ticks = [pid, ...descendants(pid)].map(one => {
    const fields = statFields(one)
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  })
  return (ticks.reduce((sum, t) => sum + t, 0) / ticksPerSecond) * 1000
}

function descendants(pid: number): number[] {
  const children = listTasks(pid).flatMap(task =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap(child => [child, ...descendants(child)])
}

function listTasks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function residentBytes(pid: number): number {
  const pageBytes = 4096
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageBytes
}

/** The fields of /proc/<pid>/stat from the third on: the second, the command's name, may hold spaces. */
function statFields(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
