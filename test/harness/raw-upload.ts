import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** The marks around the parts of a form, for uploads whose pieces a test sends by itself. */
export const boundary = 'sluice-test-boundary'
export const closing = `\r\n--${boundary}--\r\n`

export function fileHead(fileName: string, field = 'file'): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${fileName}"\r\n\r\n`
}

export function fieldPart(name: string, value: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

export interface RawAnswer {
  status: number
  body: { code?: string; detail?: string; correlationId?: string; created?: boolean }
}

/**
 * Posts the pieces of a form as they come, over a connection of its own, and gives the answer, also one that comes before
 * the last piece. Rejects when the pieces break off: then the connection is cut.
 */
export async function rawUpload(
  url: string,
  apiKey: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const upload = request(`${url}/v1/documents`, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...headers,
    },
  })
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    upload.on('error', reject)
    upload.on('response', async response => {
      let text = ''
      for await (const piece of response.setEncoding('utf8')) text += piece
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) })
      upload.destroy()
    })
  })
  // A refused upload is answered before its last piece; then the rest cannot be sent, and the answer is what counts.
  const sent = pipeline(Readable.from(pieces), upload)
  await Promise.race([answered, sent]).catch(() => {})
  return await answered
}
