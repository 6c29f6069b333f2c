import type { SimulatedRequest } from '../../contract/simulators.ts'
import { printable } from '../text/printable.ts'
import type { Terminal } from '../text/terminal.ts'

/** One line: service, request, how it was answered, how long that took, and the faults that hit it. */
export function printRequest(err: Terminal, request: SimulatedRequest): void {
  const { service, method, path, status, durationMs, faults } = request
  const answer = status === null ? 'broken off' : String(status)
  const hit = faults.length === 0 ? '' : err.colors.yellow(` ${faults.join(', ')}`)
  err.line(`${service} ${method} ${printable(path)} ${answer} ${Math.round(durationMs)} ms${hit}`)
}
