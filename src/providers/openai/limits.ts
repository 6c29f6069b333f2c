/** What one embeddings request may hold at most (from the official SDK's documentation of the endpoint). */
export const maxInputsPerRequest = 2048
export const maxTokensPerRequest = 300_000
export const maxTokensPerInput = 8192

/** What one batch may hold at most: lines of its file, and inputs over all of them (from the same documentation). */
export const maxRequestsPerBatch = 50_000
export const maxInputsPerBatch = 50_000

/** The models and the largest `dimensions` that each can return, which is also its size when none is asked for. */
export const maxDimensionsByModel: ReadonlyMap<string, number> = new Map([
  ['text-embedding-3-small', 1536],
  ['text-embedding-3-large', 3072],
])
