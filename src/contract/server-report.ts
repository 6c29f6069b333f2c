import { z } from 'zod'
import { jobStateSchema, stageSchema } from './job.ts'
import { modeSchema, serviceNames, vectorSpaceSchema } from './provenance.ts'

/** What `GET /v1/doctor` tells about the running server; secrets are shown as `***`. */
export const serverReportSchema = z.object({
  version: z.string(),
  node: z.string(),
  pid: z.int(),
  startedAt: z.iso.datetime(),
  settings: z.array(z.object({ name: z.string(), value: z.string(), source: z.enum(['environment', 'default']) })),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  services: z.array(z.object({ service: z.enum(serviceNames), mode: modeSchema, providers: z.array(z.string()) })),
  space: vectorSpaceSchema,
  jobs: z.array(z.object({ stage: stageSchema, state: jobStateSchema, count: z.int() })),
  processes: z
    .array(
      z.object({
        host: z.string(),
        pid: z.int(),
        startedAt: z.iso.datetime(),
        memoryBytes: z.int().nullable().describe('null: not told yet, within seconds of its start'),
        diskFreeBytes: z.int().nullable(),
        diskSizeBytes: z.int().nullable(),
        runningJobs: z.int(),
      }),
    )
    .describe('all that work on this database, the oldest first'),
  databaseBytes: z.int().describe('the size of the database on its disk'),
})
export type ServerReport = z.infer<typeof serverReportSchema>

/** The file in the data directory by which the CLI finds a running server. */
export const serverAddressSchema = z.object({ url: z.url(), pid: z.int() })
