import { z } from 'zod'

/** Money is integer nano-dollars (1 USD = 1e9). In JSON it is a string of digits, since a number loses precision. */
export type NanoUsd = bigint
export const nanoUsdSchema = z
  .string()
  .regex(/^-?\d+$/)
  .describe('integer nano-dollars (1 USD = 1,000,000,000) as a string')
