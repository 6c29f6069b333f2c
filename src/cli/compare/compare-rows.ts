import type { ComparedSide, Comparison } from '../../contract/comparison.ts'
import { formatUsd } from '../../contract/format-usd.ts'

export interface CompareRow {
  what: string
  a: string
  b: string
  difference: string
}

/** The overhead that is allowed on top of the provider's time, as a share of it. */
const allowedShare = 0.05

/** One document's comparison as rows of a table: what is measured, both sides, and how they differ. */
export function compareRows({ a, b, similarity, neighbours }: Comparison): CompareRow[] {
  const number = (what: string, of: (side: ComparedSide) => number): CompareRow => {
    const [x, y] = [of(a), of(b)]
    return { what, a: String(x), b: String(y), difference: x === y ? 'same' : signed(y - x) }
  }
  const money = (what: string, of: (side: ComparedSide) => string): CompareRow => {
    const [x, y] = [BigInt(of(a)), BigInt(of(b))]
    return {
      what,
      a: formatUsd(x),
      b: formatUsd(y),
      difference: x === y ? 'same' : `${y > x ? '+' : '-'}${formatUsd(y > x ? y - x : x - y)}`,
    }
  }
  return [
    { what: 'parsed by', a: whoOf(a), b: whoOf(b), difference: '' },
    number('pages', side => side.pages),
    number('characters', side => side.characters),
    number('tables', side => side.tables),
    number('chunks', side => side.chunks),
    money('cost', side => side.costNanoUsd),
    money('would cost', side => side.shadowNanoUsd),
    ...(['parse', 'chunk', 'embed', 'publish'] as const).map(stage => timeRow(stage, a, b)),
    { what: 'provider', a: ms(providerMs(a)), b: ms(providerMs(b)), difference: '' },
    { what: 'overhead', a: overheadWords(a), b: overheadWords(b), difference: '' },
    { what: 'words in order', a: '', b: '', difference: percent(similarity.inOrder) },
    { what: 'words at all', a: '', b: '', difference: percent(similarity.words) },
    { what: 'nearest chunks', a: '', b: '', difference: neighbours ? percent(neighbours.agreement) : 'too few' },
  ]
}

/** All of a document's time that its providers did not need. */
export function overheadMs(side: ComparedSide): number {
  return side.stages.reduce((sum, { workMs, waitedMs }) => sum + workMs + waitedMs, 0) - providerMs(side)
}

/** What of the overhead goes beyond the allowed share of the provider's time. */
export function constantMs(side: ComparedSide): number {
  return Math.max(0, overheadMs(side) - allowedShare * providerMs(side))
}

function providerMs(side: ComparedSide): number {
  return side.stages.reduce((sum, stage) => sum + (stage.providerMs ?? 0), 0)
}

function overheadWords(side: ComparedSide): string {
  return `${ms(overheadMs(side))} = 5 % of the provider's + ${ms(constantMs(side))}`
}

function timeRow(stage: ComparedSide['stages'][number]['stage'], a: ComparedSide, b: ComparedSide): CompareRow {
  const timeOf = (side: ComparedSide) => {
    const found = side.stages.find(one => one.stage === stage)
    return (found?.workMs ?? 0) + (found?.waitedMs ?? 0)
  }
  const [x, y] = [timeOf(a), timeOf(b)]
  return { what: `${stage} took`, a: ms(x), b: ms(y), difference: x > 0 ? `× ${(y / x).toFixed(2)}` : '' }
}

function whoOf({ provenance: { parse }, reused }: ComparedSide): string {
  const marks = [
    parse.simulated ? 'simulated' : '',
    parse.provisional ? 'provisional' : '',
    reused ? 'there already' : '',
  ]
  const said = marks.filter(mark => mark !== '').join(', ')
  return `${parse.provider} ${parse.model}${said === '' ? '' : ` (${said})`}`
}

function ms(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value)
}
