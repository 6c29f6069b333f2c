import { asAppError } from '../../contract/failure.ts'
import { CliFailure } from '../cli-failure.ts'
import type { CliIo } from '../cli-io.ts'
import type { SluiceClient, UploadWishes } from '../server/sluice-client.http.ts'
import { eachLimited } from './each-limited.ts'
import { type FoundFile, mediaTypeOf, readBytes } from './expand-paths.fs.ts'
import { type IngestRow, reject, updateJob } from './ingest-row.ts'
import { mayPass } from './poll-jobs.ts'

export interface SendOptions {
  wishes: UploadWishes
  concurrency: number
  changed(row: IngestRow): void
}

/** Sends the files of these rows; what the server refuses becomes a rejected row. Throws when there is no server or no access. */
export async function sendFiles(
  io: Pick<CliIo, 'pause'>,
  client: SluiceClient,
  rows: readonly IngestRow[],
  options: SendOptions,
  signal: AbortSignal,
): Promise<void> {
  await eachLimited(rows, options.concurrency, async row => {
    if (row.file === null) return
    row.step = 'sending'
    options.changed(row)
    try {
      const { created, document } = await sendFile(io, client, row.file, options, signal)
      row.alreadyThere = !created
      row.step = 'following'
      updateJob(row, document.job)
    } catch (error) {
      signal.throwIfAborted()
      const failure = asAppError(error)
      if (failure.code === 'unauthorized' || failure.code === 'server_unreachable') throw failure
      reject(row, failure)
    }
    options.changed(row)
  })
}

/** Sending again is safe: the same bytes make no second document. */
async function sendFile(
  io: Pick<CliIo, 'pause'>,
  client: SluiceClient,
  file: FoundFile,
  options: SendOptions,
  signal: AbortSignal,
) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { fileName } = file
      return await client.upload({
        fileName,
        mediaType: mediaTypeOf(fileName),
        bytes: await readBytes(file),
        wishes: options.wishes,
      })
    } catch (error) {
      if (!mayPass(error)) throw error
      if (attempt === 3) throw await blamed(client, file, error)
      await io.pause(attempt * 500, signal)
    }
  }
}

/** A server that breaks off this upload but is well otherwise: the fault lies with the file, not with the address. */
async function blamed(client: SluiceClient, file: FoundFile, error: CliFailure): Promise<CliFailure> {
  if (error.code !== 'server_unreachable' || !(await client.isHealthy())) return error
  const message = `The server broke off the upload of ${file.label} (${file.byteCount} bytes): ${error.message}`
  const action = 'The file may be larger than the server allows. Look at SLUICE_MAX_FILE_BYTES in `sluice doctor`.'
  return new CliFailure('upload_incomplete', message, { action, cause: error })
}
