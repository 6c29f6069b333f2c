import type { FailureCode } from '../../contract/failure.ts'
import type { FileType } from '../../contract/file-type.ts'
import type { ParsedPage } from '../../contract/page.ts'
import type { PageTraits } from '../../contract/page-traits.ts'

/** What the parent asks of the child, and what comes back. */
export interface ParseTaskInput {
  path: string
  fileType: FileType
  maxUnpackedBytes: number
  maxTextBytes: number
  /** Language data for reading pictures of text, or null to leave them unread. */
  ocr: OcrSettings | null
}

export interface OcrSettings {
  tessdataPath: string
  /** Tesseract's code of the language, e.g. `eng`. */
  language: string
}

export type ParseTaskOutput =
  | { kind: 'parsed'; pages: ParsedPage[]; notes: string[]; traits: PageTraits[] }
  | { kind: 'failed'; code: FailureCode; message: string }

/** What a format's parser returns; it throws an `AppError` for a document that it cannot read. */
export interface FormatResult {
  pages: ParsedPage[]
  notes: string[]
  /** Pages without a text layer, and whether OCR has read them. */
  pictures?: ReadonlyMap<number, 'ocr' | 'not'>
}
export type FormatParser = (bytes: Buffer, limits: ParseTaskInput) => Promise<FormatResult>
