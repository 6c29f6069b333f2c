import { z } from 'zod'

/** One setting: its variable, what it means, its default as a user would write it, and how it is read. */
export interface Setting<T> {
  name: string
  about: string
  default: string
  secret: boolean
  read: z.ZodType<T, string>
}

export const text = z.string()
export const count = z.string().regex(/^\d+$/, 'a whole number').transform(Number)
/** Values separated by commas. */
export const list = z.string().transform(value =>
  value
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== ''),
)
export const jsonObject = z.string().transform((value, context) => {
  const parsed = z.record(z.string(), z.json()).safeParse(parseJson(value === '' ? '{}' : value))
  if (parsed.success) return parsed.data
  context.addIssue({ code: 'custom', message: 'a JSON object' })
  return z.NEVER
})
export const onOff = z.enum(['on', 'off']).transform(value => value === 'on')

export function setting<T>(
  name: string,
  fallback: string,
  about: string,
  read: z.ZodType<T, string>,
  secret = false,
): Setting<T> {
  return { name, about, default: fallback, secret, read }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
