/** From here on characters are mostly as wide as two Latin ones (East Asian scripts). */
const FIRST_WIDE = 0x2e80

/** How many lines a text takes where a line has so many columns; each line break begins a new one. Works on any length of text in one pass. */
export function countPrintedLines(text: string, columnsPerLine: number): number {
  let lines = 0
  let columns = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 10) {
      lines += linesOf(columns, columnsPerLine)
      columns = 0
    } else if (unit === 9) columns += 8
    else columns += unit >= FIRST_WIDE ? 2 : 1
  }
  return lines + (columns > 0 || lines === 0 ? linesOf(columns, columnsPerLine) : 0)
}

function linesOf(columns: number, columnsPerLine: number): number {
  return Math.max(1, Math.ceil(columns / columnsPerLine))
}
