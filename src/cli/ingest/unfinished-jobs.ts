import { isTerminal, jobStates } from '../../contract/job.ts'
import type { JobView } from '../../contract/job-view.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'

/** All jobs of the tenant that are not over. */
export async function unfinishedJobs(client: SluiceClient): Promise<JobView[]> {
  const jobs = new Map<string, JobView>()
  for (const state of jobStates.filter(name => !isTerminal(name))) {
    let cursor: string | undefined
    do {
      const page = await client.listJobs({ state, limit: 200, cursor })
      for (const job of page.items) jobs.set(job.jobId, job)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
  return [...jobs.values()]
}
