/** A text that a request needs the vector of. */
export interface WantedText {
  text: string
  tokenCount: number
  textHash: Buffer
}
