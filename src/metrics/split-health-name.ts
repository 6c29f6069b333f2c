const suffix = ' (simulated)'

/** The labels `provider` and `simulated` of a name under which health is kept. */
export function splitHealthName(name: string): [provider: string, simulated: 'true' | 'false'] {
  return name.endsWith(suffix) ? [name.slice(0, -suffix.length), 'true'] : [name, 'false']
}
