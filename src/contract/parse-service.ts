import type { FileType } from './file-type.ts'
import type { ParsedPage } from './page.ts'
import type { PageTraits } from './page-traits.ts'
import type { ParseOptions } from './parse-options.ts'
import type { DirectService, JobService } from './service.ts'

/** `path` is a local file whose bytes have been checked against the document's hash. */
export interface ParseInput {
  documentId: string
  path: string
  fileType: FileType
  byteCount: number
  options: ParseOptions
}
export interface ParseOutput {
  pages: ParsedPage[]
  /** Remarks for the user, e.g. that pages were read by OCR. */
  notes: string[]
  /** What the pages are like, where it was measured. */
  traits?: PageTraits[]
}
export type DirectParseService = DirectService<ParseInput, ParseOutput>
export type ParseJobService = JobService<ParseInput, ParseOutput>
