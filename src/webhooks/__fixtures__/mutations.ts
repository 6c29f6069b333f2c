export interface Mutation {
  rawBody: Buffer
  header: string
}

/** Signed deliveries of which one byte, of the body or of the signature, was changed, inserted or deleted; the same ones at every run. */
export function* mutations(rawBody: Buffer, header: string, count: number): Generator<Mutation> {
  const next = createRandom(20_261_123)
  const signature = Buffer.from(header, 'latin1')
  for (let i = 0; i < count; i++) {
    if (next(2) === 0) yield { rawBody: mutate(rawBody, next), header }
    else yield { rawBody, header: mutate(signature, next).toString('latin1') }
  }
}

/** `next(n)` is a whole number below `n`. */
function mutate(bytes: Buffer, next: (below: number) => number): Buffer {
  const at = next(bytes.length)
  const [before, byte = 0, after] = [bytes.subarray(0, at), bytes[at], bytes.subarray(at + 1)]
  switch (next(4)) {
    case 0:
      return Buffer.concat([before, Buffer.of(byte ^ (1 << next(8))), after])
    case 1:
      return Buffer.concat([before, Buffer.of((byte + 1 + next(255)) % 256), after])
    case 2:
      return Buffer.concat([before, Buffer.of(next(256), byte), after])
    default:
      return Buffer.concat([before, after])
  }
}

/** A linear congruential generator (Numerical Recipes), of which the high bits are used. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
