import type { MissingText } from './embed-stage.sql.ts'

const maxTexts = 2_048
const maxTokens = 300_000

/** Cuts texts, in order, into batches of what one request of an OpenAI-compatible provider takes (source: OpenAI API reference). */
export function planBatches(texts: readonly MissingText[]): MissingText[][] {
  const batches: MissingText[][] = []
  let batch: MissingText[] = []
  let tokens = 0
  for (const text of texts) {
    if (batch.length > 0 && (batch.length === maxTexts || tokens + text.tokenCount > maxTokens)) {
      batches.push(batch)
      batch = []
      tokens = 0
    }
    batch.push(text)
    tokens += text.tokenCount
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
