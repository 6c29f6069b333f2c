import { ChildFailure } from './child-pool-failure.ts'
import { type ChildOptions, type PoolChild, startChild, type TaskLimits } from './child-pool-process.ts'

export interface ChildPoolOptions extends Omit<ChildOptions, 'memoryWatch'> {
  /** The most child processes, and so the most tasks at once. */
  size: number
  /** A child is replaced after this many tasks (300), or when a task leaves it with more memory (half of the limit). */
  maxTasksPerChild?: number
  recycleAboveMb?: number
  memoryWatch?: ChildOptions['memoryWatch']
}

export interface ChildPool {
  /**
   * Runs a task of the child module (see `serveTasks`); waits first in, first out when all children are busy. The caller
   * bounds how many wait. `timeoutMs` counts from the task's start in the child; `maxOutputBytes` bounds its serialized
   * result. Rejects with `ChildFailure` alone; by then a child that was killed is gone.
   */
  run(task: { name: string; input: unknown }, limits: TaskLimits): Promise<unknown>
  /** Ends all children; what runs or waits fails as `closed`. */
  close(): Promise<void>
}

interface Waiting {
  start(child: PoolChild): void
  fail(failure: ChildFailure): void
}

/** Child processes for work that may hang, crash or eat memory. They are started on demand, reused, killed and replaced. */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const { size, memoryLimitMb, maxTasksPerChild = 300, recycleAboveMb = memoryLimitMb / 2 } = options
  const memoryWatch = options.memoryWatch ?? (process.platform === 'linux' ? 'parent' : 'child')
  const children = new Set<PoolChild>()
  const idle: PoolChild[] = []
  const queue: Waiting[] = []
  let nextTaskId = 1
  let closed = false

  const addChild = () => {
    const child = startChild({ modulePath: options.modulePath, memoryLimitMb, memoryWatch })
    children.add(child)
    void child.gone.then(() => {
      children.delete(child)
      if (idle.includes(child)) idle.splice(idle.indexOf(child), 1)
      serveQueue()
    })
    return child
  }
  const serveQueue = () => {
    while (queue.length > 0 && !closed) {
      const child = idle.pop() ?? (children.size < size ? addChild() : undefined)
      if (child === undefined) return
      queue.shift()?.start(child)
    }
  }
  const giveBack = (child: PoolChild) => {
    if (child.taskCount >= maxTasksPerChild || child.rssBytes > recycleAboveMb * 1024 * 1024)
      return child.kill(new ChildFailure('closed', 'the child was replaced'))
    idle.push(child)
    serveQueue()
  }

  const run: ChildPool['run'] = (task, limits) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new ChildFailure('closed', 'the pool is closed'))
      if (limits.signal?.aborted) return reject(abortedBeforeStart(task.name))
      const onAbort = () => {
        queue.splice(queue.indexOf(waiting), 1)
        reject(abortedBeforeStart(task.name))
      }
      const waiting: Waiting = {
        start(child) {
          limits.signal?.removeEventListener('abort', onAbort)
          const ended = child.run({ ...task, id: nextTaskId++ }, limits)
          ended.then(resolve, reject)
          const free = () => child.alive && giveBack(child)
          ended.then(free, free)
        },
        fail(failure) {
          limits.signal?.removeEventListener('abort', onAbort)
          reject(failure)
        },
      }
      limits.signal?.addEventListener('abort', onAbort)
      queue.push(waiting)
      serveQueue()
    })

  const close = async () => {
    closed = true
    const failure = new ChildFailure('closed', 'the pool was closed')
    for (const waiting of queue.splice(0)) waiting.fail(failure)
    for (const child of children) child.kill(failure)
    await Promise.all([...children].map(child => child.gone))
  }
  return { run, close }
}

function abortedBeforeStart(name: string): ChildFailure {
  return new ChildFailure('aborted', `task "${name}" was aborted before its start`)
}
