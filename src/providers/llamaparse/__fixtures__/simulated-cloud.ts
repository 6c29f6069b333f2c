import LlamaCloud from '@llamaindex/llama-cloud'
import { AppError, type FailureCode } from '../../../contract/failure.ts'
import { createLlamaCloudSimulator } from '../simulator.ts'
import type { LlamaCloudSimulatorOptions } from '../simulator-options.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** A parser whose pages are the file's parts between form feeds; `fail: <code>` makes it fail. */
export async function parseFormFeeds(
  bytes: Uint8Array,
): Promise<{ pages: { pageNumber: number; markdown: string }[] }> {
  const text = new TextDecoder().decode(bytes)
  const code = /^fail: (\w+)$/.exec(text)?.[1]
  if (code !== undefined) throw new AppError(code as FailureCode, 'This file fails.')
  return { pages: text.split('\f').map((markdown, i) => ({ pageNumber: i + 1, markdown })) }
}

/** A simulator on a clock that stands still, and the official SDK in front of it. */
export function setUpCloud(options: Partial<LlamaCloudSimulatorOptions> = {}) {
  const clock = createVirtualClock()
  const simulator = createLlamaCloudSimulator({
    parse: parseFormFeeds,
    now: clock.now,
    sleep: clock.sleep,
    timing: { pendingMs: 1000, runningMs: 2000, msPerPage: 100 },
    ...options,
  })
  const sdk = new LlamaCloud({
    apiKey: 'llx-any',
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) => simulator.fetch(new Request(url as string, init)),
  })
  return { clock, simulator, sdk }
}

export function fileOf(...pages: string[]): File {
  return new File([pages.join('\f')], 'report.pdf')
}

export const basic = { tier: 'cost_effective', version: 'latest' } as const

export type Params = Parameters<LlamaCloud['parsing']['create']>[0]

/** Creates a job for these pages, lets it end, and gets it with everything that was asked for. */
export async function finish(
  cloud: ReturnType<typeof setUpCloud>,
  pages: string[],
  params: Partial<Params> = {},
  expand: string[] = ['usage'],
) {
  const { id } = await cloud.sdk.parsing.create({ ...basic, upload_file: fileOf(...pages), ...params })
  await cloud.clock.advance(60_000)
  return cloud.sdk.parsing.get(id, { expand })
}
