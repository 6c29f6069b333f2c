/** What parent and child say to each other. `output` is the result, serialized by `v8.serialize`. */
export interface TaskMessage {
  id: number
  name: string
  input: unknown
  maxOutputBytes: number
}

export type ReplyMessage =
  | { type: 'started'; id: number }
  | { type: 'done'; id: number; output: Uint8Array; rssBytes: number }
  | { type: 'too_large'; id: number; outputBytes: number; rssBytes: number }
  | { type: 'threw'; id: number; name: string; message: string; rssBytes: number }

/** Set in the child's environment. The memory limit is there only when the child has to watch itself. */
export const parentPidVariable = 'CHILD_POOL_PARENT_PID'
export const memoryLimitVariable = 'CHILD_POOL_MEMORY_LIMIT_MB'

/** Written to stderr by whoever ends a child for want of memory: V8, or the child's own watchdog. */
export const memoryMarkers = ['heap out of memory', 'child-pool: memory limit passed']
