import { readXml, type XmlHandlers } from './office-xml.ts'
import type { OfficeZip } from './office-zip.ts'

/** What stands on a slide, in the order of the file. Levels of a list count from 0. */
export type SlideBlock =
  | { kind: 'title'; text: string }
  | { kind: 'list'; items: { level: number; text: string }[] }
  | { kind: 'text'; paragraphs: string[] }
  | { kind: 'table'; rows: string[][] }

/** Placeholders that hold a date, a footer or a number (ECMA-376, ST_PlaceholderType). */
const NOISE = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg'])
const TITLES = new Set(['title', 'ctrTitle'])
const MAX_LEVEL = 8

/** Reads the text of one slide or notes page (PresentationML). */
export async function readSlideBlocks(zip: OfficeZip, partName: string): Promise<SlideBlock[]> {
  const blocks: SlideBlock[] = []
  await readXml(zip, partName, slideHandlers(blocks))
  return blocks
}

interface Shape {
  /** Undefined for a shape that is no placeholder; `body` where the type is left out. */
  placeholder: string | undefined
  paragraphs: { level: number; text: string }[]
}

function slideHandlers(blocks: SlideBlock[]): XmlHandlers {
  let shape: Shape | null = null
  let rows: string[][] | null = null
  let paragraph: { level: number; text: string } | null = null
  let inText = false

  return {
    open(name, attributes) {
      if (name === 'p:sp') shape = { placeholder: undefined, paragraphs: [] }
      else if (name === 'p:ph' && shape !== null) shape.placeholder = attributes.type ?? 'body'
      else if (name === 'a:tbl') rows = []
      else if (name === 'a:tr') rows?.push([])
      else if (name === 'a:tc') rows?.at(-1)?.push('')
      else if (name === 'a:p') paragraph = { level: 0, text: '' }
      else if (name === 'a:pPr' && paragraph !== null) paragraph.level = levelOf(attributes.lvl)
      else if (name === 'a:br' && paragraph !== null) paragraph.text += ' '
      else if (name === 'a:t') inText = true
    },
    text(text) {
      if (inText && paragraph !== null) paragraph.text += text
    },
    close(name) {
      if (name === 'a:t') inText = false
      else if (name === 'a:p' && paragraph !== null) {
        addParagraph(paragraph, rows, shape)
        paragraph = null
      } else if (name === 'a:tbl' && rows !== null) {
        if (rows.length > 0) blocks.push({ kind: 'table', rows })
        rows = null
      } else if (name === 'p:sp' && shape !== null) {
        const block = blockOf(shape)
        if (block !== null) blocks.push(block)
        shape = null
      }
    },
  }
}

function addParagraph(paragraph: { level: number; text: string }, rows: string[][] | null, shape: Shape | null): void {
  const text = paragraph.text.replace(/\s+/g, ' ').trim()
  if (text === '') return
  const row = rows?.at(-1)
  if (row !== undefined) row[row.length - 1] = `${row.at(-1) ?? ''} ${text}`
  else shape?.paragraphs.push({ level: paragraph.level, text })
}

function blockOf({ placeholder, paragraphs }: Shape): SlideBlock | null {
  if (paragraphs.length === 0 || (placeholder !== undefined && NOISE.has(placeholder))) return null
  const texts = paragraphs.map(paragraph => paragraph.text)
  if (placeholder !== undefined && TITLES.has(placeholder)) return { kind: 'title', text: texts.join(' ') }
  if (placeholder === undefined || placeholder === 'subTitle') return { kind: 'text', paragraphs: texts }
  return { kind: 'list', items: paragraphs }
}

function levelOf(attribute: string | undefined): number {
  const level = Number.parseInt(attribute ?? '0', 10)
  return level >= 0 && level <= MAX_LEVEL ? level : 0
}
