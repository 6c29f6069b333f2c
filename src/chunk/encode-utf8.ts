/**
 * Writes `text.slice(start, end)` as UTF-8 to the beginning of `bytes`, which must have room for three bytes a code unit,
 * and gives the number of bytes. A lone surrogate becomes U+FFFD. For a few characters this beats `TextEncoder`.
 */
export function encodeUtf8(text: string, start: number, end: number, bytes: Uint8Array): number {
  let size = 0
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes[size++] = unit
    else if (unit < 0x800) {
      bytes[size++] = 0xc0 | (unit >> 6)
      bytes[size++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) size = writeThree(bytes, size, unit)
    else {
      const point = i + 1 < end ? (text.codePointAt(i) as number) : 0
      if (point > 0xffff) {
        bytes[size++] = 0xf0 | (point >> 18)
        bytes[size++] = 0x80 | ((point >> 12) & 0x3f)
        bytes[size++] = 0x80 | ((point >> 6) & 0x3f)
        bytes[size++] = 0x80 | (point & 0x3f)
        i++
      } else size = writeThree(bytes, size, 0xfffd)
    }
  }
  return size
}

function writeThree(bytes: Uint8Array, at: number, point: number): number {
  bytes[at] = 0xe0 | (point >> 12)
  bytes[at + 1] = 0x80 | ((point >> 6) & 0x3f)
  bytes[at + 2] = 0x80 | (point & 0x3f)
  return at + 3
}
