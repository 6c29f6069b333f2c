import { formatUsd } from '../../contract/format-usd.ts'
import type { NanoUsd } from '../../contract/money.ts'
import { counted, formatDuration } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { isClean } from './judge.ts'
import type { DrillReport, ScenarioReport } from './run-drill.ts'

const columns = [
  { title: 'Scenario' },
  ...[
    'Documents',
    'Lost',
    'Duplicated',
    'Overspent',
    'Paid twice',
    'Left held',
    'Unexplained',
    'Stand-ins',
    'Took',
  ].map(title => ({ title, align: 'right' as const })),
]

/** A row for each scenario, what happened in it, and the verdict. */
export function printDrill(out: Terminal, { scenarios, leftOut }: DrillReport): void {
  const played = scenarios.filter(({ skipped }) => skipped === null)
  printTable(
    out,
    columns,
    played.map(report => rowOf(out, report)),
  )
  out.line()
  for (const { scenario, notes, unfinished, skipped } of scenarios) {
    for (const note of notes) out.line(`${scenario}: ${printable(note)}.`)
    for (const what of unfinished) out.line(out.colors.red(`${scenario}: ${printable(what)}`))
    if (skipped !== null) out.line(`${scenario}: left out, since ${skipped}.`)
  }
  for (const { fileName, reason } of leftOut) out.line(`left out: ${printable(fileName)}, since ${printable(reason)}`)
  out.line(verdict(out, played))
}

function verdict(out: Terminal, played: readonly ScenarioReport[]): string {
  const bad = played.filter(({ passed }) => !passed)
  if (played.length === 0) return out.colors.red('nothing was played')
  if (bad.length > 0) return out.colors.red(`not well: ${bad.map(({ scenario }) => scenario).join(', ')}`)
  const needed = formatUsd(played[0]?.neededNanoUsd ?? 0n)
  return out.colors.green(
    `${counted(played.length, 'scenario')}: nothing lost, duplicated, overspent or paid twice; the files need ${needed}`,
  )
}

function rowOf({ colors }: Terminal, report: ScenarioReport) {
  const { scenario, documents, findings, passed, durationMs } = report
  const cell = (value: number | NanoUsd) => {
    const text = typeof value === 'number' || value === 0n ? String(value) : formatUsd(value)
    return BigInt(value) === 0n ? { text } : { text, paint: colors.red }
  }
  return [
    { text: scenario, paint: passed && isClean(findings) ? colors.green : colors.red },
    { text: String(documents) },
    ...[findings.lost, findings.duplicated, findings.overspentNanoUsd, findings.paidTwiceNanoUsd].map(cell),
    ...[findings.leakedNanoUsd, findings.unexplainedNanoUsd, findings.standIns].map(cell),
    { text: formatDuration(durationMs) },
  ]
}
