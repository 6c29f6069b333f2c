import { AppError, type FailureCode } from '../../contract/failure.ts'

/** Why a job failed, with the meanings of LlamaCloud's documentation. The last is ours, for what the documentation does not name. */
const meanings = {
  UNSUPPORTED_FILE_TYPE: 'File format is not supported',
  PDF_IS_PROTECTED: 'The PDF is password-protected',
  PDF_IS_BROKEN: 'The PDF is corrupted or malformed',
  NO_DATA_FOUND_IN_FILE: 'The file contains no extractable content',
  DOCUMENT_TOO_LARGE: 'The document exceeds processing limits',
  TOO_MANY_PAGES: 'Document exceeds the maximum page count',
  TIMEOUT: 'Processing exceeded the timeout limit',
  INTERNAL_ERROR: 'An internal error occurred',
}
export type JobError = keyof typeof meanings

export const jobErrors = Object.keys(meanings) as [JobError, ...JobError[]]

const errorByFailure: Partial<Record<FailureCode, JobError>> = {
  file_type_unsupported: 'UNSUPPORTED_FILE_TYPE',
  document_mislabelled: 'UNSUPPORTED_FILE_TYPE',
  document_encrypted: 'PDF_IS_PROTECTED',
  document_corrupt: 'PDF_IS_BROKEN',
  document_without_text: 'NO_DATA_FOUND_IN_FILE',
  document_scanned: 'NO_DATA_FOUND_IN_FILE',
  file_empty: 'NO_DATA_FOUND_IN_FILE',
  file_too_large: 'DOCUMENT_TOO_LARGE',
  document_expands_too_much: 'DOCUMENT_TOO_LARGE',
  parse_out_of_memory: 'DOCUMENT_TOO_LARGE',
  parse_output_too_large: 'DOCUMENT_TOO_LARGE',
  parse_timed_out: 'TIMEOUT',
}

/** What LlamaParse would call a failure of the parser that stands in for it. */
export function toJobError(error: unknown): JobError {
  return (error instanceof AppError && errorByFailure[error.code]) || 'INTERNAL_ERROR'
}

/** A job's `error_message`. The codes are documented; that the meaning follows them is a guess, so look for the code within the message. */
export function errorMessage(error: JobError): string {
  return `${error}: ${meanings[error]}`
}
