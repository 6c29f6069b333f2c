import type { Command } from 'commander'
import type { ServerReport } from '../../contract/server-report.ts'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { FoundServer } from '../server/find-server.ts'
import { useServer } from '../server/use-server.ts'
import { formatBytes, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'

export function addDoctor(program: Command, run: RunAction): void {
  program
    .command('doctor')
    .summary('check the server and its settings')
    .description('Shows checks, services and settings of the server (secrets hidden). Exit code 1 when a check fails.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const report = await useServer(invocation, { workers: false }, async (client, server) => {
          const answer = await client.doctor()
          printResult(invocation, answer, () => printReport(invocation.out, answer, server))
          return answer
        })
        return report.checks.every(check => check.ok) ? exitCodes.ok : exitCodes.somethingFailed
      }),
    )
}

function printReport(out: Terminal, report: ServerReport, server: FoundServer): void {
  const { bold, dim, green, red } = out.colors
  const where = server.inProcess ? 'in this process (no server runs)' : `at ${server.url}, process ${report.pid}`
  out.line(bold(`Sluice ${report.version} ${where}, Node ${report.node}, started ${formatTime(report.startedAt)}`))
  out.line()
  for (const { ok, name, detail } of report.checks) {
    out.line(`${ok ? green('ok    ') : red('failed')}  ${printable(name)}  ${dim(printable(detail))}`)
  }
  out.line()
  for (const { service, mode, providers } of report.services) {
    out.line(`${service.padEnd(6)}  mode ${mode}  ${dim(printable(providers.join(', ')))}`)
  }
  const { provider, model, dimensions, simulated } = report.space
  out.line(`space   ${printable(`${provider} ${model}`)}, ${dimensions} dimensions${simulated ? ', simulated' : ''}`)
  out.line()
  const jobs = report.jobs.map(({ stage, state, count }) => [{ text: state }, { text: stage }, { text: String(count) }])
  if (jobs.length > 0) {
    const columns = [{ title: 'Jobs' }, { title: 'Stage' }, { title: 'Count', align: 'right' as const }]
    printTable(out, columns, jobs)
    out.line()
  }
  printProcesses(out, report)
  const settings = report.settings.map(({ name, value, source }) => [
    { text: name },
    { text: printable(value) },
    { text: source, paint: source === 'default' ? dim : String },
  ])
  const columns = [{ title: 'Setting' }, { title: 'Value', flexible: true as const }, { title: 'From' }]
  printTable(out, columns, settings)
}

function printProcesses(out: Terminal, { processes, databaseBytes }: ServerReport): void {
  const size = (bytes: number | null) => (bytes === null ? '–' : formatBytes(bytes))
  const columns = [
    { title: 'Process' },
    { title: 'Started' },
    { title: 'Running jobs', align: 'right' as const },
    { title: 'Memory', align: 'right' as const },
    { title: 'Disk free', align: 'right' as const },
  ]
  const rows = processes.map(one => [
    { text: printable(`${one.host}, ${one.pid}`) },
    { text: formatTime(one.startedAt) },
    { text: String(one.runningJobs) },
    { text: size(one.memoryBytes) },
    { text: size(one.diskFreeBytes) },
  ])
  printTable(out, columns, rows)
  out.line(`the database takes ${formatBytes(databaseBytes)}`)
  out.line()
}
