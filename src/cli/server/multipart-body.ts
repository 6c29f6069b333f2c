/** A form as `multipart/form-data` (RFC 7578): the fields, then the file, whose bytes pass through as they come. */
export async function* multipartBody(
  boundary: string,
  fields: Readonly<Record<string, string>>,
  file: { fileName: string; mediaType: string; bytes: AsyncIterable<Uint8Array> },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const [name, value] of Object.entries(fields)) {
    yield encoder.encode(`--${boundary}\r\n${disposition(name)}\r\n\r\n${value}\r\n`)
  }
  const head = `${disposition('file')}; filename="${escaped(file.fileName)}"\r\ncontent-type: ${file.mediaType}`
  yield encoder.encode(`--${boundary}\r\n${head}\r\n\r\n`)
  yield* file.bytes
  yield encoder.encode(`\r\n--${boundary}--\r\n`)
}

function disposition(name: string): string {
  return `content-disposition: form-data; name="${escaped(name)}"`
}

/** As browsers do it (HTML standard, multipart/form-data encoding algorithm). */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
