/**
 * The start of a file as text, or null when its bytes are no text: UTF-16 with a byte order mark, else UTF-8 (whose last
 * character may be cut), else an 8-bit charset. Text holds no NUL and hardly any control characters.
 */
export function readTextHead(head: Uint8Array): string | null {
  const text = decode(head)
  if (text.includes('\0')) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
  const controlCount = text.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0
  return controlCount > text.length / 50 ? null : text
}

function decode(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head)
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(head)
  }
}
