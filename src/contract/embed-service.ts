import type { DirectService } from './service.ts'

/** Texts with their exact cl100k_base token counts; the service splits them into requests within the provider's limits. */
export interface EmbedInput {
  texts: readonly { text: string; tokenCount: number }[]
}
/** `vectors[i]` belongs to `texts[i]`: checked for size, finiteness and norm. */
export interface EmbedOutput {
  vectors: Float32Array[]
}
export type EmbedService = DirectService<EmbedInput, EmbedOutput>
