/**
 * What the main thread and the database thread say to each other. `bytes` are whole PostgreSQL wire messages; `connection`
 * tells the driver's connections apart, of which one at a time is alive.
 */
export type ToDatabase =
  | { kind: 'wire'; connection: number; bytes: Uint8Array }
  | { kind: 'disconnect' }
  | { kind: 'close' }
export type FromDatabase =
  | { kind: 'open'; fresh: boolean }
  | { kind: 'wire'; connection: number; bytes: Uint8Array }
  | { kind: 'closed' }
  | { kind: 'failed'; message: string }

/** `templatePath` is a packed empty data directory, unpacked when `dataDir` holds none. */
export interface DatabaseThreadOptions {
  dataDir: string
  templatePath: string | null
}
