import { mix } from './hash.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** As `file-52voFe6FU6MWyAwa1Uj39R`: 22 digits of base 62, always the same for a number. */
export function fileId(number: number): string {
  return `file-${Array.from({ length: 22 }, (_, place) => digits[pick(number, place) % 62]).join('')}`
}

/** As `batch_69c3c347282c81908ede48ecc95bf201`: a prefix and 32 hexadecimal digits, always the same for a number. */
export function hexId(prefix: string, ...numbers: number[]): string {
  const seed = numbers.reduce((hash, number) => mix(hash ^ Math.imul(number + 1, 0x9e3779b1)), 0x51ed270b)
  const words = Array.from({ length: 4 }, (_, place) => pick(seed, place).toString(16).padStart(8, '0'))
  return `${prefix}${words.join('')}`
}

/** The numbers from 0 up to `length`, in an order that the seed decides. */
export function shuffled(length: number, seed: number): number[] {
  const order = Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const other = pick(seed, i) % (i + 1)
    const taken = order[i] as number
    order[i] = order[other] as number
    order[other] = taken
  }
  return order
}

function pick(seed: number, place: number): number {
  return mix(mix(seed + 0x9e3779b9) + Math.imul(place + 1, 0x85ebca6b)) >>> 0
}
