import { isDeepStrictEqual } from 'node:util'
import { type Cloud, type Observation, observations } from './observations.ts'

export interface Difference {
  observation: string
  settles: string
  real: unknown
  simulated: unknown
}

/** Looks at both in the same way and gives what differs. */
export async function compareClouds(
  real: Cloud,
  simulated: Cloud,
  say: (line: string) => void,
  looks: readonly Observation[] = observations,
): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const { name, settles, observe } of looks) {
    const [ofReal, ofSimulated] = [await seen(observe, real), await seen(observe, simulated)]
    const same = isDeepStrictEqual(ofReal, ofSimulated)
    say(`${same ? 'same     ' : 'DIFFERENT'}  ${name}`)
    if (!same) differences.push({ observation: name, settles, real: ofReal, simulated: ofSimulated })
  }
  return differences
}

async function seen(observe: (cloud: Cloud) => Promise<unknown>, cloud: Cloud): Promise<unknown> {
  try {
    return await observe(cloud)
  } catch (error) {
    return { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}

/** The differences for people: only the parts that are not the same. */
export function sayDifferences(differences: readonly Difference[]): string[] {
  return differences.flatMap(({ observation, settles, real, simulated }) => [
    '',
    `${observation} (settles: ${settles})`,
    ...differing(real, simulated, ''),
  ])
}

function differing(real: unknown, simulated: unknown, path: string): string[] {
  if (isDeepStrictEqual(real, simulated)) return []
  if (isRecord(real) && isRecord(simulated)) {
    const keys = new Set([...Object.keys(real), ...Object.keys(simulated)])
    return [...keys].flatMap(key => differing(real[key], simulated[key], path === '' ? key : `${path}.${key}`))
  }
  if (Array.isArray(real) && Array.isArray(simulated)) {
    return [
      ...real
        .filter(item => !has(simulated, item))
        .map(item => `  ${path}: only the real one has ${JSON.stringify(item)}`),
      ...simulated
        .filter(item => !has(real, item))
        .map(item => `  ${path}: only the simulator has ${JSON.stringify(item)}`),
    ]
  }
  return [`  ${path}: really ${JSON.stringify(real)}, simulated ${JSON.stringify(simulated)}`]
}

function has(items: readonly unknown[], item: unknown): boolean {
  return items.some(other => isDeepStrictEqual(other, item))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
