/** The real tasks, but for files that are named after what a broken library might do with them. */
import { basename } from 'node:path'
import { serveTasks } from '../../../platform/child-tasks.ts'
import type { ParseTaskInput } from '../parse-task.ts'
import { localParserTasks } from '../tasks.ts'

serveTasks({
  async parse(input: ParseTaskInput) {
    const name = basename(input.path)
    if (name === 'hang.txt') for (;;);
    if (name === 'crash.txt') process.abort()
    if (name === 'eat.txt') {
      const kept: Buffer[] = []
      for (;;) kept.push(Buffer.alloc(1024 * 1024, 1))
    }
    if (name === 'throw.txt') throw new TypeError('undefined is not a function')
    if (name === 'flood.txt') return { kind: 'parsed', pages: [], notes: ['x'.repeat(40_000_000)] }
    return localParserTasks.parse(input)
  },
})
