import type { JobService } from './service.ts'

/** Texts, each under a key of its own, with their exact cl100k_base token counts. */
export interface EmbedBatchInput {
  texts: readonly { key: string; text: string; tokenCount: number }[]
}
/** What came back, checked as `EmbedOutput` is; `failed` has the keys without a vector and why. Also of texts that others asked for in the same batch. */
export interface EmbedBatchOutput {
  vectors: ReadonlyMap<string, Float32Array>
  failed: ReadonlyMap<string, string>
}
/** Embeds within a day, for half the price. */
export type EmbedBatchService = JobService<EmbedBatchInput, EmbedBatchOutput>
