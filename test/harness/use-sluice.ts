import { after, before } from 'node:test'
import type { Place } from './databases.ts'
import { type SluiceUnderTest, startSluice } from './sluice-under-test.ts'

/** One server for all tests of a suite; the function that is returned gives it once the tests run. */
export function useSluice(
  createPlace: () => Promise<Place>,
  environment: Record<string, string> = {},
): () => SluiceUnderTest {
  let place: Place | undefined
  let sluice: SluiceUnderTest | undefined
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place, environment)
  })
  after(async () => {
    await sluice?.close()
    await place?.remove()
  })
  return () => {
    if (!sluice) throw new Error('the server has not been started yet')
    return sluice
  }
}
