/** Servers in processes of their own over one folder that is removed in the end: for whoever wants to see what a server survives. */
export interface ScratchPlace {
  /**
   * Starts a server over what the ones before it left; never two at a time. Null when it came to `dieAt` before it listened, with what it took
   * up again. Throws `server_unreachable` when it ends at its start for another reason.
   */
  start(wish: ScratchServerWish): Promise<ScratchServer | null>
  /** Kills what still runs, and removes the folder. */
  remove(): Promise<void>
}

export interface ScratchServerWish {
  /** All of its settings; of the environment it gets none. */
  settings: Readonly<Record<string, string>>
  /** It kills itself when a document, or a call of it, first comes to this moment: `parse/dispatched`, `publish/before_commit`, … */
  dieAt?: string | undefined
  /** How far its clock is ahead of this machine's, that of its database too. */
  clockAheadMs?: number | undefined
}

export interface ScratchServer {
  url: string
  apiKey: string
  /** How the process ended. */
  ended: Promise<{ signal: string | null; exitCode: number | null }>
  /** As if the plug were pulled. */
  kill(): Promise<unknown>
  stop(): Promise<unknown>
}
