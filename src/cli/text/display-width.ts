import { stripVTControlCharacters } from 'node:util'

/** Columns that the text takes on a terminal: colours count nothing, East Asian letters and emoji two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text)) width += characterWidth(character)
  return width
}

/** The text cut to `columns`, with … at its end when something was cut. For text without colours. */
export function truncated(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  if (columns < 1) return ''
  let kept = ''
  let width = 0
  for (const character of text) {
    width += characterWidth(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** As `truncated`, but cut in the middle, so that the end of a path (its name) stays. */
export function truncatedInside(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  const characters = [...text]
  const headColumns = Math.floor((columns - 1) / 3)
  const head = truncated(text, headColumns + 1).slice(0, -1)
  let tail = ''
  let width = displayWidth(head) + 1
  for (const character of characters.reverse()) {
    width += characterWidth(character)
    if (width > columns) break
    tail = character + tail
  }
  return columns < 1 ? '' : `${head}…${tail}`
}

function characterWidth(character: string): number {
  if (character < '\u0300') return 1
  if (/^[\p{M}\p{Cf}]$/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u
