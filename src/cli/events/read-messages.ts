/** A server-sent event: its name, the id to go on behind, and its data as text. */
export interface EventMessage {
  name: string
  id: string
  data: string
}

/** Takes a text/event-stream piece by piece, cut anywhere, and gives its events; comments and empty ones are left out. */
export function createMessageReader(): (piece: string) => EventMessage[] {
  let text = ''
  return piece => {
    text += piece
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    return blocks.map(readBlock).filter(({ data }) => data !== '')
  }
}

function readBlock(block: string): EventMessage {
  const fieldOf = (name: string) =>
    block
      .split('\n')
      .find(line => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? ''
  return { name: fieldOf('event'), id: fieldOf('id'), data: fieldOf('data') }
}
