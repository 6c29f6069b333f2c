import type { FileType } from './file-type.ts'
import type { ParsedPage } from './page.ts'
import type { Service } from './service.ts'

/** `path` is a local file whose bytes have been checked against the document's hash. */
export interface ParseInput {
  documentId: string
  path: string
  fileType: FileType
  byteCount: number
}
export interface ParseOutput {
  pages: ParsedPage[]
  /** Remarks for the user, e.g. that pages were read by OCR. */
  notes: string[]
}
export type ParseService = Service<ParseInput, ParseOutput>
