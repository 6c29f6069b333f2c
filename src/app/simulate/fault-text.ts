/** One fault in words, `server_error;status=503`, as an object of its kind and its fields; what they mean is not looked at. */
export function readFaultText(text: string): Record<string, string | number | boolean> {
  const [kind = '', ...fields] = text.split(';').map(field => field.trim())
  const pairs = fields.map(field => {
    const at = field.indexOf('=')
    return at < 0 ? ([field, true] as const) : ([field.slice(0, at), readValue(field.slice(at + 1))] as const)
  })
  return { kind, ...Object.fromEntries(pairs) }
}

/** The opposite; fields without a value are left out. */
export function writeFaultText({ kind, ...fields }: { kind: string }): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return [kind, ...given.map(([name, value]) => `${name}=${value}`)].join(';')
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
