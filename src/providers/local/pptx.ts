import { AppError } from '../../contract/failure.ts'
import type { ParsedPage } from '../../contract/page.ts'
import { readRelations, readXml } from './office-xml.ts'
import { checkOfficeZip, type OfficeZip } from './office-zip.ts'
import type { FormatParser } from './parse-task.ts'
import { pipeTable } from './pipe-table.ts'
import { readSlideBlocks, type SlideBlock } from './pptx-slide.ts'
import { createTextBudget, type TextBudget } from './text-limit.ts'

const MAIN_PART = 'ppt/presentation.xml'

/** One page a slide, in the order of the show: its title as heading, text, lists and tables, then the speaker's notes. */
export const parsePptx: FormatParser = async (bytes, { maxUnpackedBytes, maxTextBytes }) => {
  const zip = await checkOfficeZip(bytes, MAIN_PART, maxUnpackedBytes)
  const budget = createTextBudget(maxTextBytes)
  const pages: ParsedPage[] = []
  for (const partName of await slidesInOrder(zip))
    pages.push({ pageNumber: pages.length + 1, markdown: await readSlide(zip, partName, budget) })
  if (pages.length === 0) throw new AppError('document_without_text', 'The presentation has no slides')
  return { pages, notes: [] }
}

async function slidesInOrder(zip: OfficeZip): Promise<string[]> {
  const relations = await readRelations(zip, MAIN_PART)
  const names: string[] = []
  await readXml(zip, MAIN_PART, {
    open(name, attributes) {
      const slide = name === 'p:sldId' ? relations.get(attributes['r:id'] ?? '') : undefined
      if (slide !== undefined && zip.has(slide.partName)) names.push(slide.partName)
    },
  })
  return names
}

async function readSlide(zip: OfficeZip, partName: string, budget: TextBudget): Promise<string> {
  const blocks = await readSlideBlocks(zip, partName)
  // A title that is drawn last still names the slide.
  const titles = blocks.filter(block => block.kind === 'title')
  const rest = blocks.filter(block => block.kind !== 'title')
  const parts = [...titles, ...rest].map(block => toMarkdown(block, budget))
  const relations = await readRelations(zip, partName)
  const notesPart = [...relations.values()].find(relation => relation.kind === 'notesSlide')?.partName
  if (notesPart !== undefined) {
    const notes = (await readSlideBlocks(zip, notesPart)).filter(block => block.kind === 'list')
    const text = notes.map(block => block.items.map(item => item.text).join('\n\n')).join('\n\n')
    if (text !== '') parts.push(budget.spend(`Notes: ${text}`))
  }
  return parts.filter(part => part !== '').join('\n\n')
}

function toMarkdown(block: SlideBlock, budget: TextBudget): string {
  if (block.kind === 'table') return pipeTable(block.rows, budget)
  if (block.kind === 'title') return budget.spend(`# ${block.text}`)
  if (block.kind === 'text') return budget.spend(block.paragraphs.join('\n\n'))
  if (block.items.length === 1) return budget.spend(block.items[0]?.text ?? '')
  return budget.spend(block.items.map(({ level, text }) => `${'  '.repeat(level)}- ${text}`).join('\n'))
}
