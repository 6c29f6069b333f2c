/** The plain text of a heading's markdown: links and images give their text, marks of emphasis, code and HTML go away. */
export function headingText(markdown: string): string {
  const literals: string[] = []
  const keep = (text: string) => `\ue000${literals.push(text) - 1}\ue001`
  const text = markdown
    .replace(/[\ue000\ue001]/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) => keep(character))
    .replace(/(`+)(.+?)\1/g, (_, _ticks: string, code: string) => keep(code.trim()))
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replace(/\[([^\]]+)\]\[[^\]]*\]/g, '$1')
    .replace(/<([a-z][a-z0-9+.-]*:[^\s>]*)>/gi, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
  return withoutEmphasis(text)
    .replace(/\ue000(\d+)\ue001/g, (_, index: string) => literals[Number(index)] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Marks can nest (`***a** b*`), so this repeats until nothing changes; `snake_case` stays. */
function withoutEmphasis(text: string): string {
  const plain = text
    .replace(/(\*{1,3}|~~)(?=[^\s*~])(.*?[^\s*~])\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])(.*?[^\s_])\1(?![\p{L}\p{N}_])/gu, '$2')
  return plain === text ? plain : withoutEmphasis(plain)
}
