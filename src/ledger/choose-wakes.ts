/** A job that waits for money. */
export interface Waiting {
  tenantId: string
  neededNanoUsd: bigint
}

/**
 * Which of the jobs that wait for a budget some money is enough for. `waiting` is in the order of urgency; `usedNanoUsd` is what
 * each tenant has of this window already. The tenant that has had least goes first, each time anew, so that none starves
 * another; within a tenant the most urgent goes first. A job that does not fit is passed over: what fits still runs.
 */
export function chooseWakes<Job extends Waiting>(
  waiting: readonly Job[],
  roomNanoUsd: bigint,
  usedNanoUsd: ReadonlyMap<string, bigint>,
): Job[] {
  const lines = Map.groupBy(waiting, job => job.tenantId)
  const used = new Map(usedNanoUsd)
  const chosen: Job[] = []
  let room = roomNanoUsd
  while (lines.size > 0) {
    const [tenantId, line] = leastUsed(lines, used)
    const job = line.shift()
    if (job && job.neededNanoUsd <= room) {
      chosen.push(job)
      room -= job.neededNanoUsd
      used.set(tenantId, (used.get(tenantId) ?? 0n) + job.neededNanoUsd)
    }
    if (line.length === 0) lines.delete(tenantId)
  }
  return chosen
}

function leastUsed<Job>(lines: ReadonlyMap<string, Job[]>, used: ReadonlyMap<string, bigint>): [string, Job[]] {
  let least: [string, Job[]] | null = null
  for (const entry of lines)
    if (least === null || (used.get(entry[0]) ?? 0n) < (used.get(least[0]) ?? 0n)) least = entry
  if (least === null) throw new Error('there is nobody to choose from')
  return least
}
