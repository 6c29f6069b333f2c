/** Rows in PostgreSQL's binary COPY format (https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"). */
export type CopyValue =
  | null
  | { text: string }
  | { uuid: string }
  | { bytes: Uint8Array }
  | { int4: number }
  | { vector: Float32Array }

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([0xff, 0xff])

/** Encodes rows of equal width; pgvector's binary form is int16 dimensions, int16 zero, then big-endian float32. */
export function encodeCopyRows(rows: readonly (readonly CopyValue[])[]): Buffer {
  const parts: Buffer[] = [header]
  for (const row of rows) {
    const count = Buffer.allocUnsafe(2)
    count.writeInt16BE(row.length)
    parts.push(count)
    for (const value of row) parts.push(encodeField(value))
  }
  parts.push(trailer)
  return Buffer.concat(parts)
}

function encodeField(value: CopyValue): Buffer {
  if (value === null) return Buffer.from([0xff, 0xff, 0xff, 0xff])
  if ('text' in value) return withLength(Buffer.from(value.text, 'utf8'))
  if ('uuid' in value) return withLength(Buffer.from(value.uuid.replaceAll('-', ''), 'hex'))
  if ('bytes' in value) return withLength(value.bytes)
  if ('int4' in value) {
    const field = Buffer.allocUnsafe(8)
    field.writeInt32BE(4, 0)
    field.writeInt32BE(value.int4, 4)
    return field
  }
  return encodeVector(value.vector)
}

function encodeVector(vector: Float32Array): Buffer {
  const field = Buffer.allocUnsafe(8 + vector.byteLength)
  field.writeInt32BE(4 + vector.byteLength, 0)
  field.writeInt16BE(vector.length, 4)
  field.writeInt16BE(0, 6)
  field.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), 8)
  field.subarray(8).swap32() // float32 is little-endian on every platform that Node supports but s390x
  return field
}

function withLength(bytes: Uint8Array): Buffer {
  const field = Buffer.allocUnsafe(4 + bytes.length)
  field.writeInt32BE(bytes.length, 0)
  field.set(bytes, 4)
  return field
}
