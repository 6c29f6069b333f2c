/** Entry of the child processes: everything that works on untrusted files, or long on one thread. */
import { chunk } from '../chunk/chunk.ts'
import { createTokenCounter } from '../chunk/count-tokens.ts'
import type { ChunkSettings } from '../contract/chunk.ts'
import type { ParsedPage } from '../contract/page.ts'
import { serveTasks } from '../platform/child-tasks.ts'
import { localParserTasks } from '../providers/local/tasks.ts'

const counter = createTokenCounter()

serveTasks({
  ...localParserTasks,
  chunk: async ({ pages, settings }: { pages: ParsedPage[]; settings: ChunkSettings }) =>
    chunk(pages, settings, counter),
})
