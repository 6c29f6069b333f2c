const MAX_HEADING_CHARS = 80

/** Turns what OCR took for a heading by the height of its letters alone, a long or lowercase line, into a paragraph. */
export function calmHeadings(markdown: string): string {
  return markdown.replace(/^#{1,6} (.*)$/gm, (line, text: string) =>
    text.length > MAX_HEADING_CHARS || /^\p{Ll}/u.test(text) ? text : line,
  )
}
