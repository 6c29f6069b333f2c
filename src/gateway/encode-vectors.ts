export interface EmbeddingsAnswer {
  model: string
  vectors: readonly Float32Array[]
  encoding: 'float' | 'base64'
  promptTokens: number
}

/** The body of a reply to POST /v1/embeddings, as OpenAI writes it. */
export function encodeVectors({ model, vectors, encoding, promptTokens }: EmbeddingsAnswer): string {
  const encode = encoding === 'base64' ? toBase64 : toNumbers
  const data = vectors.map((vector, i) => `{"object":"embedding","index":${i},"embedding":${encode(vector)}}`)
  const usage = JSON.stringify({ prompt_tokens: promptTokens, total_tokens: promptTokens })
  return `{"object":"list","data":[${data.join()}],"model":${JSON.stringify(model)},"usage":${usage}}`
}

/** Little-endian float32, as OpenAI sends it and as every machine that Node runs on stores it. */
function toBase64(vector: Float32Array): string {
  return `"${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')}"`
}

/** Nine digits name a float32 exactly. */
function toNumbers(vector: Float32Array): string {
  return JSON.stringify(Array.from(vector, value => Number(value.toPrecision(9))))
}
