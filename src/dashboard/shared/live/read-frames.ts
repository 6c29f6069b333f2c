/** One server-sent event. `name` is a kind of event, `position` or `reset`. */
export interface Frame {
  name: string
  id: string | null
  data: string
}

/** Takes the text of a stream piece by piece, and gives the events that are complete. */
export function createFrameReader(): (piece: string) => Frame[] {
  let rest = ''
  return piece => {
    rest += piece
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.flatMap(readFrame)
  }
}

function readFrame(block: string): Frame[] {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).replace(/^ /, '')
    const earlier = fields.get(name)
    fields.set(name, name === 'data' && earlier !== undefined ? `${earlier}\n${value}` : value)
  }
  const name = fields.get('event')
  return name === undefined ? [] : [{ name, id: fields.get('id') ?? null, data: fields.get('data') ?? '' }]
}
