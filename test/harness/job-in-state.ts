import type { JobState } from '../../src/contract/job.ts'
import type { JobDetail } from '../../src/contract/job-view.ts'
import type { Client } from './sluice-under-test.ts'
import { until } from './until.ts'

/** Waits until a job is in the state; a job that does not come there is told as it is, with its way so far. */
export async function jobInState(client: Client, jobId: string, state: JobState): Promise<JobDetail> {
  let job: JobDetail | undefined
  try {
    return await until(`the job is ${state}`, async () => {
      job = await client.job(jobId)
      return job.state === state && job
    })
  } catch (error) {
    throw new Error(`the job did not become ${state}: ${JSON.stringify(job)}`, { cause: error })
  }
}
