/** The API key that the dashboard speaks with. It is kept in this browser, and stands in no URL that a server sees. */
const name = 'sluice-key'

export function readKey(): string | null {
  return localStorage.getItem(name)
}

export function keepKey(key: string): void {
  localStorage.setItem(name, key)
}

export function forgetKey(): void {
  localStorage.removeItem(name)
}

/** Takes a key that a link brings as `#key=…`, which browsers never send anywhere, and removes it from the address. */
export function takeKeyFromAddress(): void {
  const key = /^#key=(\S+)$/.exec(window.location.hash)?.[1]
  if (key === undefined) return
  keepKey(decodeURIComponent(key))
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
}
