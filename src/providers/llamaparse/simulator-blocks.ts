/** A piece of a Markdown page, whole lines; all lines of all blocks in order are the page. */
export type Block =
  | { kind: 'heading'; lines: string[]; level: number; text: string }
  | { kind: 'table'; lines: string[]; rows: string[][] }
  | { kind: 'code'; lines: string[] }
  | { kind: 'text'; lines: string[] }
  | { kind: 'blank'; lines: string[] }

/** Splits Markdown, as the local parser writes it, into headings, pipe tables, fenced code and paragraphs. */
export function splitBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const block = blockAt(lines, at)
    const last = blocks.at(-1)
    if (block.kind === 'text' && last?.kind === 'text') last.lines.push(...block.lines)
    else blocks.push(block)
    at += block.lines.length
  }
  return blocks
}

/** The cells of a row of a pipe table. */
export function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'))
}

function blockAt(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? ''
  if (line.trim() === '') return { kind: 'blank', lines: [line] }
  const fence = /^\s*(```|~~~)/.exec(line)?.[1]
  if (fence !== undefined) return { kind: 'code', lines: takeUntil(lines, at, fence) }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
  if (heading) return { kind: 'heading', lines: [line], level: heading[1]?.length ?? 1, text: heading[2] ?? '' }
  if (line.includes('|') && isSeparator(lines[at + 1])) return tableAt(lines, at)
  return { kind: 'text', lines: [line] }
}

function tableAt(lines: readonly string[], at: number): Block {
  let end = at + 2
  while (lines[end]?.includes('|')) end++
  const taken = lines.slice(at, end)
  return { kind: 'table', lines: taken, rows: taken.filter((_, i) => i !== 1).map(cellsOf) }
}

function takeUntil(lines: readonly string[], at: number, fence: string): string[] {
  const end = lines.findIndex((line, i) => i > at && line.trim().startsWith(fence))
  return lines.slice(at, end === -1 ? lines.length : end + 1)
}

function isSeparator(line: string | undefined): boolean {
  return line?.includes('-') === true && /^\s*\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?$/.test(line)
}
