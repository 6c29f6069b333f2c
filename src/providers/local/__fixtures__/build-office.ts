import { buildZip, type ZipPart } from './build-zip.ts'

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
const P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
const S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const KIND = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A Word document from the XML of its body; styles `Heading1`, `Heading2` and a numbered list `1` are defined. */
export function buildDocx(body: string, more: readonly ZipPart[] = [], prolog = ''): Buffer {
  const styles = [1, 2].map(
    level => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  )
  return buildZip([
    part(
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    part('_rels/.rels', relations([['rId1', 'officeDocument', 'word/document.xml']])),
    part('word/document.xml', `${prolog}<w:document ${W}><w:body>${body}</w:body></w:document>`),
    part(
      'word/_rels/document.xml.rels',
      relations([
        ['rId1', 'styles', 'styles.xml'],
        ['rId2', 'numbering', 'numbering.xml'],
      ]),
    ),
    part('word/styles.xml', `<w:styles ${W}>${styles.join('')}</w:styles>`),
    part(
      'word/numbering.xml',
      `<w:numbering ${W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
    ),
    ...more,
  ])
}

/** The XML of a paragraph; `style` is a style's id, `numbered` puts it into list `1`. */
export function paragraph(text: string, { style, numbered }: { style?: string; numbered?: boolean } = {}): string {
  const styleXml = style === undefined ? '' : `<w:pStyle w:val="${style}"/>`
  const numberXml = numbered ? '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' : ''
  return `<w:p><w:pPr>${styleXml}${numberXml}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
}

/** A presentation; each slide is the XML of its shapes, with the notes that belong to it. */
export function buildPptx(slides: readonly { shapes: string; notes?: string }[]): Buffer {
  const numbers = slides.map((_, i) => i + 1)
  return buildZip([
    part('[Content_Types].xml', '<Types/>'),
    part(
      'ppt/presentation.xml',
      `<p:presentation ${P} ${R}><p:sldIdLst>${numbers.map(n => `<p:sldId id="${255 + n}" r:id="r${n}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    ),
    // The files are numbered against the order of the show, as after moving slides.
    part(
      'ppt/_rels/presentation.xml.rels',
      relations(numbers.map(n => [`r${n}`, 'slide', `slides/slide${slides.length + 1 - n}.xml`])),
    ),
    ...slides.flatMap(({ shapes, notes }, i) => {
      const name = `slide${slides.length - i}.xml`
      const slide = part(
        `ppt/slides/${name}`,
        `<p:sld ${P} ${A}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
      )
      if (notes === undefined) return [slide]
      return [
        slide,
        part(`ppt/slides/_rels/${name}.rels`, relations([['r1', 'notesSlide', `../notesSlides/${name}`]])),
        part(
          `ppt/notesSlides/${name}`,
          `<p:notes ${P} ${A}><p:cSld><p:spTree>${shape([notes], 'body')}${shape(['7'], 'sldNum')}</p:spTree></p:cSld></p:notes>`,
        ),
      ]
    }),
  ])
}

/** The XML of a shape with paragraphs, a placeholder where a type is given. */
export function shape(lines: readonly string[], placeholder?: string): string {
  const kind = placeholder === undefined ? '' : `<p:ph type="${placeholder}"/>`
  const paragraphs = lines.map(
    line => `<a:p><a:pPr lvl="${line.search(/\S/)}"/><a:r><a:t>${line.trim()}</a:t></a:r></a:p>`,
  )
  return `<p:sp><p:nvSpPr><p:nvPr>${kind}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs.join('')}</p:txBody></p:sp>`
}

/** A workbook from the XML of each sheet's rows; cell style 1 is a date, 2 a percentage. */
export function buildXlsx(sheets: readonly { name: string; rows: string }[], strings: readonly string[] = []): Buffer {
  const numbers = sheets.map((_, i) => i + 1)
  const targets = numbers.map(n => [`r${n}`, 'worksheet', `worksheets/sheet${n}.xml`] as const)
  return buildZip([
    part('[Content_Types].xml', '<Types/>'),
    part(
      'xl/workbook.xml',
      `<workbook ${S} ${R}><sheets>${sheets.map(({ name }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join('')}</sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      relations([...targets, ['s', 'sharedStrings', '/xl/sharedStrings.xml'], ['t', 'styles', 'styles.xml']]),
    ),
    part('xl/sharedStrings.xml', `<sst ${S}>${strings.map(text => `<si><t>${text}</t></si>`).join('')}</sst>`),
    part(
      'xl/styles.xml',
      `<styleSheet ${S}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>`,
    ),
    ...sheets.map(({ rows }, i) =>
      part(`xl/worksheets/sheet${i + 1}.xml`, `<worksheet ${S}><sheetData>${rows}</sheetData></worksheet>`),
    ),
  ])
}

function part(name: string, content: string): ZipPart {
  return { name, content }
}

function relations(all: readonly (readonly [id: string, kind: string, target: string])[]): string {
  const xml = all.map(([id, kind, target]) => `<Relationship Id="${id}" Type="${KIND}/${kind}" Target="${target}"/>`)
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${xml.join('')}</Relationships>`
}
