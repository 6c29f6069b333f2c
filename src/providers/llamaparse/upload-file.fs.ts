import { openAsBlob } from 'node:fs'
import { AppError } from '../../contract/failure.ts'
import { fileTypes } from '../../contract/file-type.ts'
import type { ParseInput } from '../../contract/parse-service.ts'

/**
 * The file of a document for a form, read from disk while it is sent (Node's fetch was seen to hold nearly all of it until then). It is named by
 * the document's id, never by the user's name for it. Fails with `call_invalid` when it cannot be opened: nothing has been sent then.
 */
export async function openUpload({ path, documentId, fileType }: ParseInput, call: string): Promise<File> {
  const { extensions, mediaType } = fileTypes[fileType]
  try {
    const blob = await openAsBlob(path)
    return new File([blob], `${documentId}${extensions[0]}`, { type: mediaType })
  } catch (cause) {
    throw new AppError('call_invalid', `${call} was not done: the local copy of the file cannot be read.`, { cause })
  }
}
