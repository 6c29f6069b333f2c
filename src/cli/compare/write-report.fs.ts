import { writeFile } from 'node:fs/promises'

/** Writes the report; an older one is replaced. */
export async function writeReport(path: string, html: string): Promise<void> {
  await writeFile(path, html)
}
