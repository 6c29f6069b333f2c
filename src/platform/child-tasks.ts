import { serialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import {
  memoryLimitVariable,
  memoryMarkers,
  parentPidVariable,
  type ReplyMessage,
  type TaskMessage,
} from './child-pool-messages.ts'
import type { WatchdogData } from './child-pool-watchdog.ts'
import { siblingModule } from './sibling-module.ts'

/** Tasks by name. Input and output must survive structured cloning. */
export type ChildTasks = Record<string, (input: never) => Promise<unknown>>

/**
 * Serves tasks to the pool that started this process; call it once, in the module that a `createChildPool` names. The
 * process ends when its parent does, whatever the task at hand is doing. A task that throws fails alone.
 */
export function serveTasks(tasks: ChildTasks): void {
  if (process.send === undefined) throw new Error('serveTasks runs only in a process that createChildPool has started')
  startWatchdog()
  process.on('disconnect', () => process.exit(0))
  // Ctrl-C and service managers signal the whole process group; the parent alone decides when a task ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('message', (message: TaskMessage) => {
    reply({ type: 'started', id: message.id })
    void runTask(tasks, message).then(reply)
  })
}

async function runTask(tasks: ChildTasks, { id, name, input, maxOutputBytes }: TaskMessage): Promise<ReplyMessage> {
  try {
    const task = tasks[name]
    if (task === undefined) throw new Error(`this child serves no task named "${name}"`)
    const output = serialize(await task(input as never))
    const rssBytes = process.memoryUsage.rss()
    if (output.byteLength > maxOutputBytes) return { type: 'too_large', id, outputBytes: output.byteLength, rssBytes }
    return { type: 'done', id, output, rssBytes }
  } catch (error) {
    const { name: errorName, message } = error instanceof Error ? error : new Error(String(error))
    return { type: 'threw', id, name: errorName, message: message.slice(0, 2000), rssBytes: process.memoryUsage.rss() }
  }
}

function reply(message: ReplyMessage): void {
  process.send?.(message, undefined, undefined, () => {
    // A parent that is gone cannot be told; `disconnect` ends this process.
  })
}

function startWatchdog(): void {
  const limitMb = process.env[memoryLimitVariable]
  const workerData: WatchdogData = {
    parentPid: Number(process.env[parentPidVariable]),
    memoryLimitBytes: limitMb === undefined ? Number.POSITIVE_INFINITY : Number(limitMb) * 1024 * 1024,
    memoryMarker: memoryMarkers[1] ?? '',
  }
  new Worker(siblingModule(import.meta.url, 'child-pool-watchdog'), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  }).unref()
}
