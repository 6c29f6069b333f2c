import { asAppError } from '../../contract/failure.ts'
import type { JobView } from '../../contract/job-view.ts'
import { CliFailure } from '../cli-failure.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'

/**
 * The present views of these jobs, in few requests: a handful is asked for one by one, more are looked up in the list of all
 * jobs (newest first) up to the oldest of them, and what lies too deep in it is asked for in turns. Some may be missing in the
 * answer; they come with a later call. Null: the job is gone.
 */
export async function pollJobs(
  client: SluiceClient,
  jobIds: ReadonlySet<string>,
  turn: number,
): Promise<Map<string, JobView | null>> {
  if (jobIds.size <= fewJobs) return new Map(await single(client, [...jobIds]))
  const missing = new Set(jobIds)
  const views = new Map<string, JobView | null>()
  let cursor: string | undefined
  for (let page = 0; page < pagesPerTurn && missing.size > 0; page += 1) {
    const { items, nextCursor } = await client.listJobs({ limit: 200, cursor })
    for (const job of items) if (missing.delete(job.jobId)) views.set(job.jobId, job)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  const deep = [...missing]
  const start = (turn * fewJobs) % Math.max(1, deep.length)
  return new Map([...views, ...(await single(client, deep.slice(start, start + fewJobs)))])
}

async function single(client: SluiceClient, jobIds: readonly string[]): Promise<[string, JobView | null][]> {
  return Promise.all(
    jobIds.map(async jobId => {
      try {
        return [jobId, await client.job(jobId)] satisfies [string, JobView]
      } catch (error) {
        if (asAppError(error).code === 'job_not_found') return [jobId, null] satisfies [string, null]
        throw error
      }
    }),
  )
}

/** True for a failure that may pass: the server restarts, or the network stumbles. */
export function mayPass(error: unknown): error is CliFailure {
  return (
    error instanceof CliFailure && ['server_unreachable', 'shutting_down', 'database_unavailable'].includes(error.code)
  )
}

const fewJobs = 4
const pagesPerTurn = 8
