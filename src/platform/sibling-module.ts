import { extname } from 'node:path'

/**
 * The module `name` (without its ending) beside the importing one, for threads and child processes: sources end in `.ts`, the
 * built files of an installed package in `.js`.
 */
export function siblingModule(importerUrl: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(importerUrl).pathname)}`, importerUrl)
}
