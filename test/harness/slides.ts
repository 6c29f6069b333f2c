import { buildPptx, shape } from '../../src/providers/local/__fixtures__/build-office.ts'

/** A presentation of one slide with text and some with a table; nobody else has the same. */
export function buildSlides(name: string, tables: number): { bytes: Buffer; pages: string[] } {
  const rows = [
    ['Well', 'Depth in metres'],
    [`North field of ${name}`, '31'],
    ['South field', '44'],
  ]
  const cell = (text: string) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`
  const row = (cells: string[]) => `<a:tr>${cells.map(cell).join('')}</a:tr>`
  const text = `The reservoir of ${name} was inspected in spring and found to be in good order by everybody.`
  const table = (i: number) => ({ shapes: `${shape([`Table ${i}`], 'title')}<a:tbl>${rows.map(row).join('')}</a:tbl>` })
  const slides = [{ shapes: shape([text]) }, ...Array.from({ length: tables }, (_, i) => table(i + 1))]
  const lines = rows.map(cells => `| ${cells.join(' | ')} |`)
  const markdown = [lines[0], '| --- | --- |', ...lines.slice(1)].join('\n')
  const pages = [text, ...Array.from({ length: tables }, (_, i) => `# Table ${i + 1}\n\n${markdown}`)]
  return { bytes: buildPptx(slides), pages }
}
