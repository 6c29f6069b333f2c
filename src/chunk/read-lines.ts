/** A line that is not blank. Offsets are UTF-16 code units. */
export interface Line {
  /** After the previous line end; the indentation belongs to the line. */
  start: number
  /** After the last character that is not white space. */
  end: number
  /** Where the next line that is not blank starts, or the length of the text. */
  next: number
  afterBlankLine: boolean
}

/** The lines of a text without its blank ones. Lines end with LF, CRLF or CR; a byte order mark at the start is skipped. */
export function readLines(text: string): Line[] {
  const lines: Line[] = []
  let afterBlankLine = false
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; ) {
    let stop = start
    while (stop < text.length && text.charCodeAt(stop) !== 0x0a && text.charCodeAt(stop) !== 0x0d) stop++
    const end = trimEnd(text, start, stop)
    if (end > start) {
      const previous = lines.at(-1)
      if (previous) previous.next = start
      lines.push({ start, end, next: text.length, afterBlankLine })
    }
    afterBlankLine = end === start
    const isPair = text.charCodeAt(stop) === 0x0d && text.charCodeAt(stop + 1) === 0x0a
    start = stop + (isPair ? 2 : 1)
  }
  return lines
}

/** White space is what Unicode calls so (as the tokenizer's pattern does), and U+FEFF (as JavaScript does). */
export function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0
  if (unit < 0x2028) return unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a)
  return unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000 || unit === 0xfeff
}

/** The end of `text.slice(start, end)` without its trailing white space. */
export function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--
  return at
}

/** The start of `text.slice(start, end)` without its leading white space. */
export function trimStart(text: string, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(text.charCodeAt(at))) at++
  return at
}
