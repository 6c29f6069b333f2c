/**
 * Text from documents and file names, safe to show on a terminal: control characters (escape sequences, line breaks) and
 * the invisible ones that reorder text are shown as escapes like `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(unsafe, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

// Cc: control characters; Cs: lone surrogates; then line separators, marks that change the writing direction, and the BOM.
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu
