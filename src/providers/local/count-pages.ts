import { AppError } from '../../contract/failure.ts'
import type { ParseInput } from '../../contract/parse-service.ts'
import type { ChildPool } from '../../platform/child-pool.ts'
import { ChildFailure } from '../../platform/child-pool-failure.ts'
import type { CountTaskInput, CountTaskOutput } from './count-task.ts'
import type { LocalParserOptions } from './local-parser.ts'

export type PageCounter = (input: Omit<ParseInput, 'options'>, options: { signal: AbortSignal }) => Promise<number>

type Limits = LocalParserOptions['limits']

/** An answer is one number; what is more than this went wrong. */
const maxOutputBytes = 64 * 1024

/**
 * Counts the pages that LlamaParse bills for a file, in a child process (of a pool that serves `countPagesTask`) and without parsing it. The
 * number is at least 1 and is meant as an upper bound, for a quote and for the `max_pages` that is sent along: what lies beyond `max_pages` is not
 * parsed, while pages that are not there cost nothing. It is exact for PDF and PPTX; for XLSX it counts every tab, also those that show a chart
 * alone; HTML is one page; of DOCX, text and Markdown, which have no pages before they are printed, and of CSV it is an estimate on the high side
 * (see `countDocxPages`, `countTextPages` and `countCsvPages`).
 *
 * Fails with the codes of the local parser for a file that is empty, damaged, cut short, encrypted, of another type, or a decompression bomb, and
 * when a limit of the child process is passed; an abort throws the signal's reason. Damage that shows only when a page is read goes unnoticed.
 */
export function createPageCounter({ pool, limits }: { pool: ChildPool; limits: Limits }): PageCounter {
  return async (input, { signal }) => {
    const { path, fileType } = input
    const task: CountTaskInput = { path, fileType, maxUnpackedBytes: limits.maxUnpackedBytes }
    const what = `document ${input.documentId}, ${fileType}`
    try {
      const taskLimits = { timeoutMs: limits.timeoutMs, maxOutputBytes, signal }
      const output = (await pool.run({ name: 'countPages', input: task }, taskLimits)) as CountTaskOutput
      if (output.kind === 'counted') return output.pageCount
      throw new AppError(output.code, `${output.message} (${what})`)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof ChildFailure ? translate(error, limits, what) : error
    }
  }
}

function translate(failure: ChildFailure, { timeoutMs, memoryMb }: Limits, what: string): AppError {
  const because = { cause: failure }
  const doing = `Counting the pages of ${what}`
  switch (failure.kind) {
    case 'timeout':
      return new AppError('parse_timed_out', `${doing} took more than ${timeoutMs} ms`, because)
    case 'memory':
      return new AppError('parse_out_of_memory', `${doing} took more than ${memoryMb} MB`, because)
    case 'closed':
      return new AppError('shutting_down', `${doing} was stopped`, because)
    case 'thrown':
    case 'output':
      return new AppError('internal_error', `${doing} failed: ${failure.message}`, because)
    default:
      return new AppError('parser_crashed', `${doing} ended its process: ${failure.message}`, because)
  }
}
