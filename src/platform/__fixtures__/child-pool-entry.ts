/** A child module for the pool's tests: tasks that behave and tasks that misbehave. */
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { serveTasks } from '../child-tasks.ts'

serveTasks({
  echo: async (input: unknown) => input,
  pid: async () => process.pid,
  environment: async () => ({ ...process.env }),
  fail: async () => {
    throw new TypeError('the task said no')
  },
  loop: async () => {
    for (;;);
  },
  wait: async () => new Promise(() => {}),
  crash: async () => process.abort(),
  exit: async () => process.exit(7),
  eatHeap: async () => {
    const kept: unknown[] = []
    for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
  },
  eatNative: async (megabytes: number) => {
    const kept: Buffer[] = []
    for (let i = 0; i < megabytes; i += 10) kept.push(Buffer.alloc(10 * 1024 * 1024, 1))
    await delay(1500)
    return kept.length
  },
  big: async (length: number) => 'x'.repeat(length),
  chatter: async (length: number) => {
    process.stdout.write('o'.repeat(length))
    process.stderr.write('e'.repeat(length))
    return 'said'
  },
  reach: async (port: number) =>
    new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve('connected'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    }),
})
