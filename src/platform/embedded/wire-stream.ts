import { Duplex } from 'node:stream'
import type { Worker } from 'node:worker_threads'
import { AppError } from '../../contract/failure.ts'
import type { FromDatabase, ToDatabase } from './messages.ts'

/**
 * The socket that node-postgres believes to talk to: bytes go to the database thread and come back. Everything that the
 * driver writes in one turn travels as one message, so a query costs one round trip.
 */
export class WireStream extends Duplex {
  readonly #thread: Worker
  readonly #connection: number
  #pending: Buffer[] = []

  constructor(thread: Worker, connection: number) {
    super({ allowHalfOpen: false })
    this.#thread = thread
    this.#connection = connection
    thread.on('message', this.#receive)
    thread.once('exit', this.#lose)
  }

  /** Fails for a thread that has ended (its id is -1 then): what is sent to it would never be answered. */
  connect(): this {
    process.nextTick(() => (this.#thread.threadId === -1 ? this.#lose() : this.emit('connect')))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#collect([chunk])
    done()
  }
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#collect(chunks.map(c => c.chunk))
    done()
  }
  override _read(): void {}
  override _final(done: () => void): void {
    this.push(null)
    done()
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#thread.off('message', this.#receive)
    this.#thread.off('exit', this.#lose)
    this.#flush()
    this.#thread.postMessage({ kind: 'disconnect' } satisfies ToDatabase)
    done(error)
  }

  readonly #receive = (message: FromDatabase): void => {
    if (message.kind !== 'wire' || message.connection !== this.#connection || message.bytes.length === 0) return
    this.push(Buffer.from(message.bytes.buffer))
  }

  readonly #lose = (): void => {
    this.destroy(
      new AppError('database_unavailable', 'The thread of the embedded database has ended; start the process again.'),
    )
  }

  #collect(chunks: Buffer[]): void {
    if (this.#pending.length === 0) queueMicrotask(() => this.#flush())
    this.#pending.push(...chunks)
  }

  #flush(): void {
    if (this.#pending.length === 0) return
    const bytes = new Uint8Array(Buffer.concat(this.#pending))
    this.#pending = []
    const message: ToDatabase = { kind: 'wire', connection: this.#connection, bytes }
    this.#thread.postMessage(message, [bytes.buffer])
  }
}
