import { AppError } from '../../contract/failure.ts'

/**
 * Bytes of a text file as a string without its byte order mark: UTF-16 with a mark, else UTF-8 where valid, else the
 * declared charset, else windows-1252 (which is what "latin1" means on the web: WHATWG Encoding). Line ends become `\n`.
 * Throws `document_mislabelled` for bytes that are no text.
 */
export function decodeText(bytes: Buffer, declaredCharset?: string): string {
  const text = decode(bytes, declaredCharset)
  if (looksBinary(text)) throw new AppError('document_mislabelled', 'The file should be text, but its bytes are not')
  return text.replace(/\r\n?/g, '\n')
}

function decode(bytes: Buffer, declaredCharset: string | undefined): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decoderFor(declaredCharset).decode(bytes)
  }
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'windows-1252')
  } catch {
    return new TextDecoder('windows-1252')
  }
}

function looksBinary(text: string): boolean {
  if (text.includes('\0')) return true
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
  const controls = text.slice(0, 100_000).match(/[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0
  return controls > Math.min(text.length, 100_000) / 50
}
