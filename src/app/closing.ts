/** What is open, and is closed in the opposite order of its opening. */
export interface Closing {
  add(close: () => Promise<unknown>): void
  close(): Promise<void>
}

export function createClosing(): Closing {
  const closers: (() => Promise<unknown>)[] = []
  return {
    add: close => void closers.unshift(close),
    async close() {
      for (const close of closers) await close()
    },
  }
}
