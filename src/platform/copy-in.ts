import type pg from 'pg'

/** What node-postgres asks of an object given to `client.query` (a "submittable"), as far as COPY needs it. */
interface WireConnection {
  stream: { write(bytes: Buffer): void; cork(): void; uncork(): void }
  query(text: string): void
  sendCopyFromChunk(bytes: Buffer): void
  endCopyFrom(): void
}

const maxMessageBytes = 1 << 20

/**
 * Runs `COPY … FROM STDIN` with all of `data` in one go, e.g. rows from `encodeCopyRows`. Query, data and end are written at
 * once without waiting for the server's go-ahead: the protocol allows it (a server that refused the COPY ignores the data), it
 * saves a round trip, and the embedded database, which cannot wait in the middle of a statement, needs it.
 * Resolves to the number of rows.
 */
export function copyIn(client: pg.ClientBase, statement: string, data: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    let failure: Error | null = null
    const submittable = {
      submit(connection: WireConnection): null {
        connection.stream.cork()
        connection.query(statement)
        for (let at = 0; at < data.length; at += maxMessageBytes) {
          connection.sendCopyFromChunk(data.subarray(at, at + maxMessageBytes))
        }
        connection.endCopyFrom()
        connection.stream.uncork()
        return null
      },
      handleCopyInResponse() {},
      handleCommandComplete(message: { text: string }) {
        rows = Number(message.text.split(' ')[1] ?? 0)
      },
      handleError(error: Error) {
        failure = error
        reject(error)
      },
      handleReadyForQuery() {
        if (!failure) resolve(rows)
      },
    }
    client.query(submittable as never)
  })
}
