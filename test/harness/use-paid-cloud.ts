import { after, before } from 'node:test'
import type { LlamaCloudSimulatorOptions } from '../../src/providers/llamaparse/simulator-options.ts'
import type { Place } from './databases.ts'
import { type PaidCloud, startPaidCloud } from './paid-cloud.ts'
import { type SluiceUnderTest, startSluice } from './sluice-under-test.ts'

/**
 * A server for all tests of a suite that parses at a simulated LlamaCloud for money, which brings its webhooks to that server.
 * `impatient`: jobs there are looked at five times a second, instead of after seconds.
 */
export function usePaidCloud(
  createPlace: () => Promise<Place>,
  {
    environment = {},
    cloud: options = {},
    impatient = false,
  }: { environment?: Record<string, string>; cloud?: Partial<LlamaCloudSimulatorOptions>; impatient?: boolean } = {},
): { sluice(): SluiceUnderTest; cloud(): PaidCloud; restart(): Promise<void> } {
  let place: Place | undefined
  let cloud: PaidCloud | undefined
  let sluice: SluiceUnderTest | undefined
  let hurry: ReturnType<typeof setInterval> | undefined
  async function start(): Promise<void> {
    if (!place || !cloud) throw new Error('there is no place yet')
    sluice = await startSluice(place, { ...cloud.environment, ...environment })
    cloud.webhooksTo = sluice.server.url
    if (impatient) hurry = setInterval(() => void sluice?.sql(lookNow).catch(() => {}), 200)
  }
  async function stop(): Promise<void> {
    clearInterval(hurry)
    await sluice?.close()
  }
  before(async () => {
    place = await createPlace()
    cloud = await startPaidCloud(options)
    await start()
  })
  after(async () => {
    await stop()
    await cloud?.close()
    await place?.remove()
  })
  return {
    sluice: () => sluice ?? fail(),
    cloud: () => cloud ?? fail(),
    async restart() {
      await stop()
      await start()
    },
  }
}

const lookNow = `UPDATE sluice.remote_calls SET look_at = least(look_at, now()) WHERE phase = 'running'`

function fail(): never {
  throw new Error('the server has not been started yet')
}
