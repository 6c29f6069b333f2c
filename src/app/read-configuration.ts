import { AppError } from '../contract/failure.ts'
import type { Setting } from './setting.ts'
import { type Configuration, type SettingKey, settings } from './settings.ts'

const keys = Object.keys(settings) as SettingKey[]

/**
 * Environment → typed configuration, pure. An empty variable counts as not set. Throws `configuration_invalid` naming each
 * wrong setting, and any unknown `SLUICE_…` variable: a misspelt one must not be ignored.
 */
export function readConfiguration(environment: Record<string, string | undefined>): Configuration {
  const faults: string[] = []
  const values = keys.map(key => {
    const { name, read, default: fallback } = settings[key] as Setting<unknown>
    const result = read.safeParse(environment[name] || fallback)
    if (!result.success) faults.push(`${name} must be ${result.error.issues.map(i => i.message).join(', ')}`)
    return [key, result.data]
  })
  const known = new Set<string>([...keys.map(key => settings[key].name), ...cliVariables])
  for (const name of Object.keys(environment)) {
    if (name.startsWith('SLUICE_') && !known.has(name)) faults.push(`${name} is not a setting`)
  }
  if (faults.length > 0)
    throw new AppError('configuration_invalid', `The configuration has faults: ${faults.join('; ')}.`)
  return Object.fromEntries(values) as Configuration
}

/** Variables that the command line reads itself. */
const cliVariables = ['SLUICE_URL', 'SLUICE_API_KEY', 'SLUICE_TENANT']

/** Name, value and source of every setting, secrets hidden, for `doctor`. */
export function describeConfiguration(environment: Record<string, string | undefined>) {
  return keys.map(key => {
    const { name, secret, default: fallback } = settings[key]
    const given = environment[name]
    const value = given || fallback
    const source: 'environment' | 'default' = given ? 'environment' : 'default'
    return { name, value: secret && value !== '' ? '***' : value, source }
  })
}
