import { AppError } from '../../contract/failure.ts'
import type { ParsedPage } from '../../contract/page.ts'
import type { DirectParseService, ParseInput } from '../../contract/parse-service.ts'
import type { ChildPool } from '../../platform/child-pool.ts'
import { ChildFailure } from '../../platform/child-pool-failure.ts'
import type { ParseTaskInput, ParseTaskOutput } from './parse-task.ts'
import { findTessdata } from './tessdata.fs.ts'

/** Part of the name of each result: other versions parse again. */
export const localParserVersion = '1'

interface LocalParserLimits {
  timeoutMs: number
  memoryMb: number
  maxUnpackedBytes: number
  maxTextBytes: number
}
export interface LocalParserOptions {
  /** Its child module serves `localParserTasks`; its memory limit is `limits.memoryMb`. */
  pool: ChildPool
  limits: LocalParserLimits
  /** `auto` reads pages that are pictures where Tesseract's language data is installed. */
  ocr: 'auto' | 'off'
  ocrLanguage?: string
  /** Where to look for language data, instead of the usual places. */
  tessdataPath?: string | undefined
}

/**
 * Parses on this machine, in child processes with limits, for nothing. `usage.units` is the number of pages; a quote cannot
 * know it. Of a document's options the pages count here. Fails with the `document_…`, `parse_…` and `parser_crashed` codes; an abort throws the signal's reason.
 */
export function createLocalParser(options: LocalParserOptions): DirectParseService {
  const { pool, limits } = options
  return {
    quote: () => null,
    price: units => ({ units, costNanoUsd: 0n, shadowNanoUsd: 0n }),
    variant: ({ options: { pages } }) =>
      `local/${localParserVersion};ocr=${options.ocr}${pages === undefined ? '' : `;pages=${pages}`}`,
    async call(input, { signal }) {
      const wantsOcr = options.ocr === 'auto' && input.fileType === 'pdf'
      const taskInput: ParseTaskInput = {
        path: input.path,
        fileType: input.fileType,
        maxUnpackedBytes: limits.maxUnpackedBytes,
        maxTextBytes: limits.maxTextBytes,
        ocr: wantsOcr ? await findTessdata(options.ocrLanguage ?? 'eng', options.tessdataPath) : null,
      }
      const output = await runTask(pool, taskInput, limits, signal, input)
      if (output.kind === 'failed') throw new AppError(output.code, `${output.message} (${nameOf(input)})`)
      const { notes, traits } = output
      const pages = selectPages(output.pages, input)
      const kept = new Set(pages.map(page => page.pageNumber))
      const selected = traits.filter(page => kept.has(page.pageNumber))
      return {
        output: { pages, notes, traits: selected },
        usage: { units: pages.length, costNanoUsd: 0n, shadowNanoUsd: 0n },
      }
    },
  }
}

/** The pages that are wanted; their numbers stay. Throws `document_without_text` when there is none of them. */
function selectPages(pages: readonly ParsedPage[], input: ParseInput): ParsedPage[] {
  const { pages: wanted } = input.options
  if (wanted === undefined) return [...pages]
  const ranges = wanted.split(',').map(range => range.split('-').map(Number))
  const selected = pages.filter(page =>
    ranges.some(([first = 0, last = first]) => first <= page.pageNumber && page.pageNumber <= last),
  )
  if (selected.length > 0) return selected
  throw new AppError('document_without_text', `Of the pages ${wanted} there is none (${nameOf(input)})`)
}

async function runTask(
  pool: ChildPool,
  taskInput: ParseTaskInput,
  limits: LocalParserLimits,
  signal: AbortSignal,
  input: ParseInput,
): Promise<ParseTaskOutput> {
  // Serialized strings take up to two bytes a character, and each page some more.
  const maxOutputBytes = limits.maxTextBytes * 2 + 16 * 1024 * 1024
  try {
    const task = { name: 'parse', input: taskInput }
    return (await pool.run(task, { timeoutMs: limits.timeoutMs, maxOutputBytes, signal })) as ParseTaskOutput
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ChildFailure) throw translate(error, limits, input)
    throw error
  }
}

function translate(failure: ChildFailure, limits: LocalParserLimits, input: ParseInput): AppError {
  const because = { cause: failure }
  const name = nameOf(input)
  if (failure.kind === 'timeout')
    return new AppError('parse_timed_out', `Parsing ${name} took more than ${limits.timeoutMs} ms`, because)
  if (failure.kind === 'memory')
    return new AppError('parse_out_of_memory', `Parsing ${name} took more than ${limits.memoryMb} MB`, because)
  if (failure.kind === 'output')
    return new AppError('parse_output_too_large', `Parsing ${name} gave too much: ${failure.message}`, because)
  if (failure.kind === 'closed') return new AppError('shutting_down', `Parsing ${name} was stopped`, because)
  if (failure.kind === 'thrown')
    return new AppError('internal_error', `The local parser failed on ${name}: ${failure.message}`, because)
  return new AppError('parser_crashed', `The parser process ended on ${name}: ${failure.message}`, because)
}

function nameOf({ documentId, fileType }: ParseInput): string {
  return `document ${documentId}, ${fileType}`
}
