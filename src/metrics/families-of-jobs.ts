import { deferralReasons } from '../contract/deferral.ts'
import { isTerminal, jobStates, stages } from '../contract/job.ts'
import { addUp, type Family, type Sample } from './family.ts'
import type { State } from './read-state.ts'

const unfinished = jobStates.filter(state => !isTerminal(state))
const none = (labels: readonly string[]): Sample => ({ labels, value: 0 })

/** Work at hand. Every stage and state has a value, so that an alert does not rest on a series that is not there. */
export const jobFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_jobs',
    kind: 'gauge',
    help: 'Unfinished jobs, by stage and state.',
    labels: ['stage', 'state'],
    samples: ({ jobs }) =>
      addUp([
        ...stages.flatMap(stage => unfinished.map(state => none([stage, state]))),
        ...jobs.map(job => ({ labels: [job.stage, job.state], value: job.jobs })),
      ]),
  },
  {
    name: 'sluice_jobs_oldest_queued_seconds',
    kind: 'gauge',
    help: 'How long the job has been queued that has been queued longest, by stage.',
    labels: ['stage'],
    samples: ({ jobs }) =>
      stages.map(stage => ({
        labels: [stage],
        value: Math.max(0, ...jobs.filter(j => j.stage === stage && j.state === 'queued').map(j => j.oldestSeconds)),
      })),
  },
  {
    name: 'sluice_jobs_deferred',
    kind: 'gauge',
    help: 'Deferred jobs, by what they wait for.',
    labels: ['reason'],
    samples: ({ jobs }) =>
      addUp([
        ...deferralReasons.map(reason => none([reason])),
        ...jobs.flatMap(job => (job.reason ? [{ labels: [job.reason], value: job.jobs }] : [])),
      ]),
  },
  {
    name: 'sluice_processes',
    kind: 'gauge',
    help: 'Processes on this database that gave a sign of life within 15 seconds.',
    labels: [],
    samples: ({ processes }) => [{ labels: [], value: processes }],
  },
]

/** Only where tenants may be named. */
export const tenantFamilies: readonly Family<State>[] = [
  {
    name: 'sluice_tenant_jobs',
    kind: 'gauge',
    help: 'Unfinished jobs, by tenant and state; only with SLUICE_METRICS_TENANTS.',
    labels: ['tenant', 'state'],
    samples: ({ jobs }) => addUp(jobs.map(job => ({ labels: [job.tenant, job.state], value: job.jobs }))),
  },
]
