import { pause } from './sluice-under-test.ts'

const limitMs = 60_000

/** Looks again and again until `look` gives something that is not null, false or undefined; fails naming `what` after a minute. */
export async function until<T>(what: string, look: () => Promise<T | null | false | undefined>): Promise<T> {
  const endAt = Date.now() + limitMs
  while (Date.now() < endAt) {
    const seen = await look()
    if (seen !== null && seen !== false && seen !== undefined) return seen
    await pause(30)
  }
  throw new Error(`did not happen within ${limitMs / 1000} s: ${what}`)
}
