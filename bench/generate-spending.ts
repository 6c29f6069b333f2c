/** A history of spending by day in nano-dollars; the last `daysOfMonth` days are the month that is forecast. */
export interface Spending {
  days: bigint[]
  monthBegins: number
  /** What of each day is spent by noon. */
  atNoon: bigint[]
}

export const kinds = [
  'steady',
  'weekly',
  'zero weekends',
  'trend',
  'level shift',
  'spikes',
  'sparse',
  'wandering',
  'late start',
] as const
type Kind = (typeof kinds)[number]

export const daysOfMonth = 30
const daysBefore = [0, 5, 14, 30, 60, 120]
const workdays = [1, 1.15, 1.2, 1.1, 0.9, 0.5, 0.35]
const dollar = 1e9

/** The same kind and seed give the same history: 0 to 120 days before the month, a level of $0.10 to $100 a day, lognormal noise. */
export function generateSpending(kind: Kind, seed: number): Spending {
  const random = createRandom(seed * 16 + kinds.indexOf(kind))
  const monthBegins = daysBefore[Math.floor(random() * daysBefore.length)] ?? 0
  const level = 0.1 * 1000 ** random() * dollar
  const noise = 0.1 + 0.3 * random()
  const shape = createShape(kind, monthBegins + daysOfMonth, random)
  const officeHours = random() < 0.5
  const days: bigint[] = []
  const atNoon: bigint[] = []
  for (let i = 0; i < monthBegins + daysOfMonth; i++) {
    const day = level * shape(i) * Math.exp(noise * normal(random) - noise ** 2 / 2)
    const share = officeHours ? 0.2 + 0.4 * random() : 0.45 + 0.1 * random()
    days.push(BigInt(Math.round(day)))
    atNoon.push(BigInt(Math.floor(day * share)))
  }
  return { days, monthBegins, atNoon }
}

/** What multiplies the level on a day. */
function createShape(kind: Kind, count: number, random: () => number): (day: number) => number {
  const phase = Math.floor(random() * 7)
  const weekday = (day: number) => workdays[(day + phase) % 7] ?? 1
  const growth = (random() < 0.7 ? 1 : -1) * (0.005 + 0.02 * random())
  const shiftAt = count - 60 * random()
  const shift = random() < 0.5 ? 2 + 2 * random() : 0.2 + 0.3 * random()
  const begins = count - daysOfMonth + Math.floor(25 * random()) - 20
  let wandered = 0
  switch (kind) {
    case 'steady':
      return () => 1
    case 'weekly':
      return weekday
    case 'zero weekends':
      return day => ((day + phase) % 7 < 5 ? weekday(day) : 0)
    case 'trend':
      return day => weekday(day) * Math.exp(growth * day)
    case 'level shift':
      return day => weekday(day) * (day < shiftAt ? 1 : shift)
    case 'spikes':
      return day => weekday(day) * (random() < 0.05 ? 4 + 12 * random() : 1)
    case 'sparse':
      return () => (random() < 0.25 ? Math.exp(normal(random)) : 0)
    case 'late start':
      return day => (day < begins ? 0 : weekday(day))
    case 'wandering':
      return day => {
        wandered += 0.08 * normal(random)
        return weekday(day) * Math.exp(wandered)
      }
  }
}

/** Mulberry32: numbers from 0 to below 1. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
