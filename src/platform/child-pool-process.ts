import { type ChildProcess, fork } from 'node:child_process'
import { deserialize } from 'node:v8'
import { ChildFailure } from './child-pool-failure.ts'
import { readRssBytes } from './child-pool-memory.ts'
import {
  memoryLimitVariable,
  memoryMarkers,
  parentPidVariable,
  type ReplyMessage,
  type TaskMessage,
} from './child-pool-messages.ts'

const START_TIMEOUT_MS = 30_000
const WATCH_EVERY_MS = 100
const STDERR_TAIL_CHARS = 4_000
/** A child learns nothing of the parent's settings and secrets. */
const PASSED_VARIABLES = ['TZ', 'LANG', 'LC_ALL']

export interface ChildOptions {
  modulePath: string
  memoryLimitMb: number
  /** `parent` samples the child's memory through /proc; `child` lets a thread of the child do it. */
  memoryWatch: 'parent' | 'child'
}
export interface TaskLimits {
  timeoutMs: number
  maxOutputBytes: number
  signal?: AbortSignal | undefined
}
export interface PoolChild {
  /** False once the process is being killed or is gone. */
  readonly alive: boolean
  /** Resident bytes after the last task, 0 before the first. */
  readonly rssBytes: number
  readonly taskCount: number
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  run(task: { id: number; name: string; input: unknown }, limits: TaskLimits): Promise<unknown>
  kill(failure: ChildFailure): void
}

interface Running {
  id: number
  maxOutputBytes: number
  timeoutMs: number
  timer: NodeJS.Timeout
  settle(outcome: Outcome): void
}
interface State {
  running: Running | null
  killedFor: ChildFailure | null
  rssBytes: number
  taskCount: number
}

/** One child process that runs one task at a time. A task whose limits end it settles when its process is gone. */
export function startChild(options: ChildOptions): PoolChild {
  const child = forkChild(options)
  const stderrTail = keepTail(child)
  const state: State = { running: null, killedFor: null, rssBytes: 0, taskCount: 0 }
  const kill = (failure: ChildFailure) => {
    state.killedFor ??= failure
    hold(child, true)
    child.kill('SIGKILL')
  }
  const gone = new Promise<void>(resolve => {
    const end = (failure: ChildFailure) => {
      state.killedFor ??= failure
      state.running?.settle({ failure: state.killedFor })
      resolve()
    }
    child.once('close', (code, signal) => end(deathOf(code, signal, stderrTail())))
    child.on('error', error => {
      if (child.pid === undefined) end(new ChildFailure('crash', `the child process did not start: ${error.message}`))
    })
  })
  child.on('message', (reply: ReplyMessage) => receive(reply, state, kill))
  return {
    get alive() {
      return state.killedFor === null
    },
    get rssBytes() {
      return state.rssBytes
    },
    get taskCount() {
      return state.taskCount
    },
    gone,
    kill,
    async run(task, limits) {
      const outcome = await begin(child, state, { task, limits, kill, options })
      if ('failure' in outcome) throw outcome.failure
      return outcome.value
    },
  }
}

interface Beginning {
  task: Parameters<PoolChild['run']>[0]
  limits: TaskLimits
  kill: PoolChild['kill']
  options: ChildOptions
}
type Outcome = { value: unknown } | { failure: ChildFailure }

function begin(child: ChildProcess, state: State, { task, limits, kill, options }: Beginning): Promise<Outcome> {
  return new Promise(resolve => {
    state.taskCount++
    hold(child, true)
    const onAbort = () => kill(new ChildFailure('aborted', `task "${task.name}" was aborted`))
    const notStarted = new ChildFailure('crash', `the child took no task within ${START_TIMEOUT_MS} ms of its start`)
    const running: Running = {
      id: task.id,
      ...limits,
      timer: setTimeout(() => kill(notStarted), START_TIMEOUT_MS),
      settle(outcome) {
        clearTimeout(running.timer)
        clearInterval(watch)
        limits.signal?.removeEventListener('abort', onAbort)
        state.running = null
        if (state.killedFor === null) hold(child, false)
        resolve(outcome)
      },
    }
    state.running = running
    const isOver = () => state.running !== running
    const watch = options.memoryWatch === 'parent' ? watchMemory(child, options.memoryLimitMb, isOver, kill) : undefined
    limits.signal?.addEventListener('abort', onAbort)
    const message: TaskMessage = { ...task, maxOutputBytes: limits.maxOutputBytes }
    try {
      // A failed delivery means a dead child, which `close` reports; a throw means an input that cannot be cloned.
      child.send(message, () => {})
    } catch (error) {
      running.settle({ failure: new ChildFailure('thrown', `the input cannot be sent: ${(error as Error).message}`) })
    }
  })
}

function receive(reply: ReplyMessage, state: State, kill: PoolChild['kill']): void {
  const { running, killedFor } = state
  if (running === null || reply.id !== running.id || killedFor !== null) return
  if (reply.type === 'started') {
    armTimeout(running, kill)
    return
  }
  state.rssBytes = reply.rssBytes
  if (reply.type === 'done' && reply.output.byteLength > running.maxOutputBytes)
    kill(new ChildFailure('output', `the child sent ${reply.output.byteLength} bytes past its limit`))
  else running.settle(outcomeOf(reply, running))
}

function forkChild({ modulePath, memoryLimitMb, memoryWatch }: ChildOptions): ChildProcess {
  const env: NodeJS.ProcessEnv = { [parentPidVariable]: String(process.pid) }
  for (const name of PASSED_VARIABLES) if (process.env[name] !== undefined) env[name] = process.env[name]
  if (memoryWatch === 'child') env[memoryLimitVariable] = String(memoryLimitMb)
  return fork(modulePath, [], {
    env,
    execArgv: [
      `--max-old-space-size=${memoryLimitMb}`,
      '--max-semi-space-size=8',
      // What parses untrusted bytes can read files, and neither write them, start processes nor reach the network.
      '--permission',
      '--allow-fs-read=*',
      '--allow-addons',
      '--allow-worker',
      '--disable-warning=SecurityWarning',
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

function outcomeOf(reply: Exclude<ReplyMessage, { type: 'started' }>, { maxOutputBytes }: Running): Outcome {
  if (reply.type === 'done') return { value: deserialize(reply.output) }
  if (reply.type === 'threw') return { failure: new ChildFailure('thrown', `${reply.name}: ${reply.message}`) }
  const message = `the result has ${reply.outputBytes} bytes, ${maxOutputBytes} are allowed`
  return { failure: new ChildFailure('output', message) }
}

function armTimeout(running: Running, kill: PoolChild['kill']): void {
  clearTimeout(running.timer)
  const { timeoutMs } = running
  running.timer = setTimeout(() => kill(new ChildFailure('timeout', `not done after ${timeoutMs} ms`)), timeoutMs)
}

function watchMemory(
  child: ChildProcess,
  limitMb: number,
  isOver: () => boolean,
  kill: PoolChild['kill'],
): NodeJS.Timeout {
  return setInterval(async () => {
    const bytes = child.pid === undefined ? 0 : await readRssBytes(child.pid)
    // While the sample was taken the child may have gone on to another task.
    if (!isOver() && bytes > limitMb * 1024 * 1024)
      kill(new ChildFailure('memory', `the child used ${Math.round(bytes / 1024 / 1024)} MB of ${limitMb} MB`))
  }, WATCH_EVERY_MS)
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): ChildFailure {
  const how = signal === null ? `exit code ${code}` : signal
  if (memoryMarkers.some(marker => stderr.includes(marker)))
    return new ChildFailure('memory', `the child ran out of memory (${how})`)
  return new ChildFailure('crash', `the child process ended with ${how}`)
}

/** Drains both streams, so that a talkative child never blocks, and keeps the end of stderr. */
function keepTail(child: ChildProcess): () => string {
  let tail = ''
  child.stdout?.resume()
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARS)
  })
  return () => tail
}

/** An idle child does not keep the parent's event loop alive. */
function hold(child: ChildProcess, busy: boolean): void {
  const streams = [child.stdout, child.stderr] as unknown as { ref(): void; unref(): void }[]
  for (const handle of [child, child.channel, ...streams]) busy ? handle?.ref() : handle?.unref()
}
