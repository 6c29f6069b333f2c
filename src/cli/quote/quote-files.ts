import { type AppError, asAppError } from '../../contract/failure.ts'
import type { FileQuote } from '../../contract/quote.ts'
import { eachLimited } from '../ingest/each-limited.ts'
import { type FoundFile, mediaTypeOf, readBytes } from '../ingest/expand-paths.fs.ts'
import type { SluiceClient, UploadWishes } from '../server/sluice-client.http.ts'

/** A file with its quote, or with the reason why it cannot be brought in at all. */
export type QuotedFile = { file: FoundFile } & (
  | { quote: FileQuote; failure: null }
  | { quote: null; failure: AppError }
)

const atOnce = 4

/** Asks for the quote of each file, in their order. Throws when there is no server or no access. */
export async function quoteFiles(
  client: SluiceClient,
  files: readonly FoundFile[],
  wish: Pick<UploadWishes, 'chunking' | 'parsing'>,
): Promise<QuotedFile[]> {
  const quoted = new Map<FoundFile, QuotedFile>()
  await eachLimited(files, atOnce, async file => {
    try {
      const { fileName } = file
      const wishes = { metadata: {}, ...wish }
      const bytes = await readBytes(file)
      const quote = await client.quote({ fileName, mediaType: mediaTypeOf(fileName), bytes, wishes })
      quoted.set(file, { file, quote, failure: null })
    } catch (error) {
      const failure = asAppError(error)
      if (['unauthorized', 'server_unreachable', 'shutting_down'].includes(failure.code)) throw failure
      quoted.set(file, { file, quote: null, failure })
    }
  })
  return files.flatMap(file => quoted.get(file) ?? [])
}
