import { AppError } from '../../contract/failure.ts'
import type { ParsedPage } from '../../contract/page.ts'

/** Refuses a result without any text, or with more than `maxTextBytes` of it (as UTF-8). */
export function checkText(pages: readonly ParsedPage[], maxTextBytes: number): void {
  if (!pages.some(page => /\S/.test(page.markdown)))
    throw new AppError('document_without_text', `None of the ${pages.length} pages has text`)
  const budget = createTextBudget(maxTextBytes)
  for (const page of pages) budget.spend(page.markdown)
}

export interface TextBudget {
  /** Returns the text, or throws `parse_output_too_large` once more was spent than allowed. */
  spend(text: string): string
  spendBytes(byteCount: number): void
}

/** Stops a parser while it makes too much text, before the text fills the memory. */
export function createTextBudget(maxTextBytes: number): TextBudget {
  let spentBytes = 0
  const spendBytes = (byteCount: number) => {
    spentBytes += byteCount
    if (spentBytes > maxTextBytes)
      throw new AppError('parse_output_too_large', `The document has more than ${maxTextBytes} bytes of text`)
  }
  return {
    spendBytes,
    spend(text) {
      spendBytes(Buffer.byteLength(text))
      return text
    },
  }
}
