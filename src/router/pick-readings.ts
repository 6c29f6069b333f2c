import type { ParsedPage } from '../contract/page.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import { checkParseQuality, type PageFault } from './check-parse-quality.ts'

/** Pages with what is wrong with them. `taken` are those of which the second reading is better. */
export interface PickedReadings {
  pages: ParsedPage[]
  faults: PageFault[]
  taken: number[]
}

/**
 * Of each page that was read badly and then again, the better reading: one without a fault before one with any, else the one whose fault leaves more
 * to search in, else the second, which a better tier made. Pages of the second that nobody asked for are left out. Pure.
 */
export function pickReadings(
  first: readonly ParsedPage[],
  faults: readonly PageFault[],
  second: readonly ParsedPage[],
  traits: readonly PageTraits[],
): PickedReadings {
  const asked = traits.filter(trait => faults.some(fault => fault.pageNumber === trait.pageNumber))
  const stillWrong = new Map(checkParseQuality(second, asked).map(fault => [fault.pageNumber, fault]))
  const isBetter = ({ pageNumber, severity }: PageFault) => (stillWrong.get(pageNumber)?.severity ?? 0) <= severity
  const wins = (fault: PageFault) => second.some(page => page.pageNumber === fault.pageNumber) && isBetter(fault)
  const taken = faults.filter(wins).map(fault => fault.pageNumber)
  const pages = [
    ...first.filter(page => !taken.includes(page.pageNumber)),
    ...second.filter(page => taken.includes(page.pageNumber)),
  ]
  return {
    pages: pages.sort((a, b) => a.pageNumber - b.pageNumber),
    faults: faults.flatMap(fault => {
      const left = taken.includes(fault.pageNumber) ? stillWrong.get(fault.pageNumber) : fault
      return left ? [left] : []
    }),
    taken,
  }
}
