import type { ParseTier } from '../../contract/parse-options.ts'
import type { ParseInput } from '../../contract/parse-service.ts'
import type { PriceUnits } from '../../contract/price-list.ts'
import type { RemoteJobs } from '../../contract/service.ts'

export interface LlamaParseOptions {
  apiKey: string
  /** The host of the region, e.g. `https://api.cloud.llamaindex.ai`. */
  baseUrl: string
  /** For documents that ask for none. */
  tier: ParseTier
  /** The version of that tier; other tiers take their latest, since a version belongs to a tier. `latest` if not given. */
  version?: string
  /** Further fields of LlamaParse's request; a document's own go before them. Fields of `reservedFields` are refused. */
  options?: Readonly<Record<string, unknown>>
  /** Jobs go to a simulator: nothing is spent, and what they would have cost is only shown. */
  simulated: boolean
  /** What pages of a tier cost. A credit costs what a page does, divided by the tier's credits for a page. */
  price: PriceUnits
  /** The most pages that a file can have, counted without the provider; fails where the file cannot be read. */
  countPages(input: ParseInput, options: { signal: AbortSignal }): Promise<number>
  /** Where LlamaParse says that a job has ended; null: it is only asked. */
  webhook: { url: string; secret: string } | null
  /** `delete`: an ended job is removed when it is not needed any more. */
  retention: 'keep' | 'delete'
  whenStuck: RemoteJobs<unknown, unknown>['whenStuck']
  /** How long a job may take. */
  deadline: { baseMs: number; perPageMs: number }
  /** When a job is looked at again, as in `RemoteJobs`; `planLooks` if not given. */
  lookAgainMs?(looks: number): number
  /** For each exchange: connecting, sending, waiting and reading the reply. */
  timeoutMs: number
  /** The same for an upload, which takes longer; `timeoutMs` if not given. */
  uploadTimeoutMs?: number
  /** Where requests go instead of the network: a simulator, or a pooled client. */
  fetch?: (request: Request) => Promise<Response>
  /** How requests name their sender; `sluice` if not given. */
  clientName?: string
  /** The clock by which a lost job is given up; the machine's if not given. */
  now?(): Date
}
