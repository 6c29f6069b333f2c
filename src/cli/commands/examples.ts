/** The end of a help text. */
export function examples(programName: string, lines: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const text = lines.map(([command, does]) => `  $ ${programName} ${command.padEnd(width)}  # ${does}`)
  return `\nExamples:\n${text.join('\n')}`
}
