import { z } from 'zod'

/** The vector of one text, as a provider sent it. The text itself is not kept: its hash is the cassette's name. */
export const vectorCassetteSchema = z.strictObject({
  kind: z.literal('embedding'),
  model: z.string(),
  dimensions: z.int().nullable(),
  tokens: z.int().describe('as counted here'),
  vector: z.string().describe('little-endian float32, base64'),
})
export type VectorCassette = z.infer<typeof vectorCassetteSchema>

/** A job of LlamaParse: the replies to creating it and to fetching its result. They hold the document's text. */
export const jobCassetteSchema = z.strictObject({
  kind: z.literal('parse'),
  tier: z.string(),
  jobId: z.string(),
  created: z.json(),
  /** By what was asked for beside the job, e.g. `markdown,metadata,usage`. */
  fetched: z.record(z.string(), z.json()),
})
export type JobCassette = z.infer<typeof jobCassetteSchema>

/** Where cassettes are kept, by their names. */
export interface CassetteStore {
  /** Null when there is none of this name. Throws `cassette_missing` for one that is damaged. */
  read<T>(name: string, schema: z.ZodType<T>): Promise<T | null>
  /** Whole or not at all; an older one of the name is replaced. */
  write(name: string, cassette: VectorCassette | JobCassette): Promise<void>
}

/** A provider's exchange over HTTP. */
export type Exchange = (request: Request) => Promise<Response>
