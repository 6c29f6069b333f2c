/** The offset itself, or one less where it would cut a surrogate pair. */
export function backToCodePoint(text: string, offset: number): number {
  const isInside = offset > 0 && offset < text.length && (text.codePointAt(offset - 1) as number) > 0xffff
  return isInside ? offset - 1 : offset
}
