import { AppError } from '../../contract/failure.ts'

/** Throws `document_mislabelled` for bytes that are no PDF, and `document_corrupt` for a PDF that was cut short. */
export function checkWholePdf(bytes: Buffer): void {
  const start = bytes.subarray(0, 1024).indexOf('%PDF-')
  if (start < 0) throw new AppError('document_mislabelled', 'The file does not begin as a PDF does')
  const wholeBytes = Number(/\/Linearized[^>]*?\/L (\d+)/.exec(bytes.toString('latin1', start, 1024))?.[1] ?? 0)
  if (wholeBytes > bytes.byteLength)
    throw new AppError('document_corrupt', `The PDF has ${bytes.byteLength} of ${wholeBytes} bytes; it was cut short`)
  // Without its end mark the reader would rebuild the file and leave out, silently, what was cut off.
  if (bytes.subarray(-65_536).lastIndexOf('%%EOF') < 0)
    throw new AppError('document_corrupt', 'The PDF has no end mark; it was cut short')
}
