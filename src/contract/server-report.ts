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
})
export type ServerReport = z.infer<typeof serverReportSchema>

/** The file in the data directory by which the CLI finds a running server. */
export const serverAddressSchema = z.object({ url: z.url(), pid: z.int() })
