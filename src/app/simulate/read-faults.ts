import { z } from 'zod'
import { AppError } from '../../contract/failure.ts'
import { faultSchema, type ReadyFault } from '../../providers/llamaparse/simulator-faults.ts'
import { readFaultText } from './fault-text.ts'
import { type OpenAiFault, openAiFaultSchema } from './openai-faults.ts'

export interface Faults {
  llamaparse: ReadyFault[]
  openai: OpenAiFault[]
}
export interface FaultRates {
  llamaparse: { fault: ReadyFault; probability: number }[]
  openai: { fault: OpenAiFault; probability: number }[]
}

const schemas = { llamaparse: faultSchema, openai: openAiFaultSchema }
const rateSchema = z.number().min(0).max(1)
const fileSchema = z.strictObject({
  llamaparse: z.array(z.looseObject({ rate: rateSchema })).default([]),
  openai: z.array(z.looseObject({ rate: rateSchema })).default([]),
})
const injectionSchema = z.strictObject({
  llamaparse: z.array(faultSchema).default([]),
  openai: z.array(openAiFaultSchema).default([]),
})

/**
 * Fault rates from words such as `server_error;status=503=0.1` or `openai:vectors=0.05`, and from what a file says. Words without a service go for
 * every service that knows the fault. Throws `validation_failed` for what no service knows.
 */
export function readFaultRates(texts: readonly string[], file: unknown): FaultRates {
  const rates: FaultRates = { llamaparse: [], openai: [] }
  for (const text of texts) addRate(text, rates)
  const read = fileSchema.safeParse(file ?? {})
  if (!read.success) throw refuse('The file of faults', z.prettifyError(read.error))
  for (const { rate, ...fields } of read.data.llamaparse)
    rates.llamaparse.push({ fault: readOne('llamaparse', fields), probability: rate })
  for (const { rate, ...fields } of read.data.openai)
    rates.openai.push({ fault: readOne('openai', fields), probability: rate })
  return rates
}

/** Faults for the next requests, `{"llamaparse": [{"kind": …}], "openai": […]}`. Throws `validation_failed`. */
export function readInjection(body: unknown): Faults {
  const read = injectionSchema.safeParse(body)
  if (!read.success) throw refuse('The faults', z.prettifyError(read.error))
  return read.data
}

function addRate(text: string, rates: FaultRates): void {
  const [, service, words = '', rateText] = /^(?:(llamaparse|openai):)?(.*)=([^=]*)$/s.exec(text) ?? []
  const rate = rateSchema.safeParse(rateText?.trim() ? Number(rateText) : Number.NaN)
  if (!rate.success) throw refuse(`"${text}"`, 'it ends in = and a rate from 0 to 1, e.g. rate_limited=0.1')
  const fields = readFaultText(words)
  const llamaparse = service === 'openai' ? undefined : faultSchema.safeParse(fields).data
  const openai = service === 'llamaparse' ? undefined : openAiFaultSchema.safeParse(fields).data
  if (llamaparse) rates.llamaparse.push({ fault: llamaparse, probability: rate.data })
  if (openai) rates.openai.push({ fault: openai, probability: rate.data })
  if (!llamaparse && !openai) throw refuse(`"${words}"`, 'no simulator knows such a fault (docs/simulators.md)')
}

function readOne<Service extends keyof typeof schemas>(
  service: Service,
  fields: object,
): z.output<(typeof schemas)[Service]> {
  const read = schemas[service].safeParse(fields)
  if (read.success) return read.data as z.output<(typeof schemas)[Service]>
  throw refuse(`A fault of ${service}, ${JSON.stringify(fields)}`, z.prettifyError(read.error))
}

function refuse(what: string, why: string): AppError {
  return new AppError('validation_failed', `${what} cannot be used: ${why}`)
}
