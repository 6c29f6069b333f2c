import { answerOf, api } from './api.http.ts'
import type { paths } from './api-types.ts'

type Costs = paths['/v1/costs']['get']
type Report = Costs['responses'][200]['content']['application/json']
export type CostWish = NonNullable<Costs['parameters']['query']>
export type CostSums = Extract<Report, { kind: 'sums' }>
export type CostLines = Extract<Report, { kind: 'calls' }>

/** Costs summed by `by`. Throws `ApiFailure`. */
export async function readSums(query: CostWish & { by: string }): Promise<CostSums> {
  return (await readReport(query)) as CostSums
}

/** The single entries of the books, newest first. Throws `ApiFailure`. */
export async function readLines(query: Omit<CostWish, 'by'>): Promise<CostLines> {
  return (await readReport({ ...query, by: 'call' })) as CostLines
}

async function readReport(query: CostWish): Promise<Report> {
  return (await answerOf(api.GET('/v1/costs', { params: { query } }))) as Report
}
