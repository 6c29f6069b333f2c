import { extname } from 'node:path'
import { AppError } from '../contract/failure.ts'
import { type FileType, fileTypeNames, fileTypes } from '../contract/file-type.ts'
import { readTextHead } from './text-head.ts'

/** A zip or an OLE compound file: only its inside says what it is (see `detectStoredFileType`). */
export type Container = 'zip' | 'compound_file'

/** Signatures of what people send by mistake, for a clearer message. */
const UNSUPPORTED: [start: string, name: string][] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['II*\0', 'a TIFF picture'],
  ['MM\0*', 'a TIFF picture'],
  ['{\\rtf', 'an RTF document: save it as .docx'],
  ['%!PS', 'a PostScript document: save it as PDF'],
  ['\x1f\x8b', 'a gzip archive: send the files in it'],
  ['7z\xbc\xaf', 'a 7-Zip archive: send the files in it'],
  ['Rar!', 'a RAR archive: send the files in it'],
]
const BINARY_TYPES: ReadonlySet<FileType> = new Set(['pdf', 'docx', 'pptx', 'xlsx'])

/**
 * The type of a file by its bytes; neither the name nor a declared media type is trusted. `head` is its first 64 KB (or
 * all of it). Kinds of text that bytes cannot tell apart (Markdown, CSV, plain text) go by the extension, plain text
 * otherwise. Throws `file_empty`, `file_type_unsupported`, or `document_mislabelled` for text that is named as a binary
 * type, such as an error page that was saved as a PDF.
 */
export function detectFileType(head: Uint8Array, fileName: string): FileType | Container {
  if (head.byteLength === 0) throw new AppError('file_empty', `${fileName} has no bytes`)
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 1024)).toString('latin1')
  if (start.startsWith('PK\x03\x04')) return 'zip'
  if (start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'compound_file'
  // ISO 32000 readers take the mark within the first 1,024 bytes; in a text it would be a mere mention.
  const text = readTextHead(head)
  if (start.trimStart().startsWith('%PDF-') || (text === null && start.includes('%PDF-'))) return 'pdf'
  const unsupported = UNSUPPORTED.find(([signature]) => start.startsWith(signature))?.[1]
  if (unsupported !== undefined) throw new AppError('file_type_unsupported', `${fileName} is ${unsupported}`)
  if (text === null)
    throw new AppError('file_type_unsupported', `${fileName} is of a binary type that is not supported`)
  return textType(text, fileName)
}

/** The type of a zip by the names of its parts. Throws `file_type_unsupported`. */
export function decideOfficeType(partNames: readonly string[], fileName: string): FileType {
  const names = new Set(partNames)
  if (names.has('[Content_Types].xml')) {
    if (names.has('word/document.xml')) return 'docx'
    if (names.has('ppt/presentation.xml')) return 'pptx'
    if (names.has('xl/workbook.xml')) return 'xlsx'
    if (names.has('xl/workbook.bin'))
      throw new AppError('file_type_unsupported', `${fileName} is a binary workbook (.xlsb): save it as .xlsx`)
  }
  if (names.has('content.xml') && names.has('mimetype'))
    throw new AppError('file_type_unsupported', `${fileName} is an OpenDocument file: save it as .docx, .pptx or .xlsx`)
  throw new AppError('file_type_unsupported', `${fileName} is a zip archive, not an Office document`)
}

function textType(text: string, fileName: string): FileType {
  const named = typeOfName(fileName)
  if (named !== null && BINARY_TYPES.has(named))
    throw new AppError('document_mislabelled', `${fileName} is named as ${named}, but its content is text`)
  if (/^(?:\s|<\?xml[^>]*>|<!--[\s\S]*?-->)*<(?:!doctype\s+html|html)\b/i.test(text)) return 'html'
  return named ?? 'text'
}

function typeOfName(fileName: string): FileType | null {
  const extension = extname(fileName).toLowerCase()
  return fileTypeNames.find(type => (fileTypes[type].extensions as readonly string[]).includes(extension)) ?? null
}
