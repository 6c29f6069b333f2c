import type { FailureCode } from '../../contract/failure.ts'
import type { FileType } from '../../contract/file-type.ts'

/** What the parent asks of the child, and what comes back. */
export interface CountTaskInput {
  path: string
  fileType: FileType
  maxUnpackedBytes: number
}
export type CountTaskOutput =
  | { kind: 'counted'; pageCount: number }
  | { kind: 'failed'; code: FailureCode; message: string }

/** How many pages a file of one type has; throws an `AppError` for one that cannot be read. */
export type FormatCounter = (bytes: Buffer, maxUnpackedBytes: number) => Promise<number>
