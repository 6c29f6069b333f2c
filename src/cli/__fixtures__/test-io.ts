import type { CliIo, InProcessServer } from '../cli-io.ts'

/** A command line's surroundings in memory; `now` and `pause` follow a clock that runs 100 times too fast. */
export function testIo(options: Partial<CliIo> & { inProcess?: InProcessServer; terminal?: boolean } = {}) {
  const written = { stdout: '', stderr: '' }
  const opened: { dataDir: string; tenantId: string; workers: boolean }[] = []
  const listeners = new Set<() => void>()
  const exits: number[] = []
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: options.terminal ?? false,
    columns: 100,
    rows: 30,
    write: (text: string) => {
      written[name] += text
    },
  })
  const io: CliIo = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    version: '9.8.7',
    workingDirectory: '/nowhere',
    samplesDir: '/nowhere/samples',
    programName: 'sluice',
    now: () => performance.now() * 100,
    pause: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const timer = setTimeout(resolve, durationMs / 100)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason)
        })
      }),
    newId: () => crypto.randomUUID(),
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: code => void exits.push(code),
    async openInProcess(wish) {
      opened.push(wish)
      if (options.inProcess) return options.inProcess
      throw new Error('no server in this process')
    },
    serve: async () => {},
    async openScratchPlace() {
      throw new Error('no place for servers')
    },
    async simulate() {
      throw new Error('no simulators in this process')
    },
    ...options,
  }
  return { io, written, opened, exits, interrupt: () => listeners.forEach(listener => void listener()) }
}
