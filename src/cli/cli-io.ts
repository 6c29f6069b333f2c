import type { ScratchPlace } from '../contract/scratch-server.ts'
import type { RunningSimulators, SimulatorsWish } from '../contract/simulators.ts'

/** A stream to write to; `process.stdout` and `process.stderr` fit. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** A whole server inside this process, listening on loopback. `close` leaves unfinished work resumable. */
export interface InProcessServer {
  url: string
  apiKey: string
  close(): Promise<void>
}

/** Everything that the command line needs from outside; it knows the server only through this and HTTP. */
export interface CliIo {
  stdout: OutputStream
  stderr: OutputStream
  env: Readonly<Record<string, string | undefined>>
  version: string
  workingDirectory: string
  /** The folder with the documents that `sluice demo` shows. */
  samplesDir: string
  /** How a user starts this program, for the commands that are suggested, e.g. `sluice` or `npm run -s sluice --`. */
  programName: string
  /** Milliseconds since any fixed point. */
  now(): number
  /** Resolves after `durationMs`, or rejects at once when the signal aborts. */
  pause(durationMs: number, signal: AbortSignal): Promise<void>
  newId(): string
  /** Calls `listener` at every Ctrl-C (or termination signal) until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once. */
  exit(exitCode: number): void
  /** With `workers`, jobs make progress; without, the server only answers. Log lines must not reach the terminal. */
  openInProcess(options: { dataDir: string; tenantId: string; workers: boolean }): Promise<InProcessServer>
  /** Runs the server until it is told to stop; handles the signals itself. */
  serve(options: { dataDir: string }): Promise<void>
  /** A place for servers in processes of their own, on the embedded database. */
  openScratchPlace(): Promise<ScratchPlace>
  /** Serves the simulators of the paid services inside this process until they are closed. */
  simulate(wish: SimulatorsWish): Promise<RunningSimulators>
}
