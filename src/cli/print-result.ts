import type { Invocation } from './invocation.ts'

/** The result: one JSON document with --json, otherwise what `human` prints. */
export function printResult(invocation: Invocation, json: unknown, human: () => void): void {
  if (invocation.global.json) invocation.out.line(JSON.stringify(json, null, 2))
  else human()
}
