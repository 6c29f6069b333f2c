/** How many attempts of a stage are in flight in this process. */
export interface Places {
  ofTenant: number
  /** Of the tenant's: those that have been waiting for so long that somebody else will have noticed that their provider hangs. */
  stale: number
  /** Of all: in flight for so short that they may still be at work; the others mostly wait for somebody. */
  young: number
  all: number
}

/** A tenant leaves a fifth of the places free when it is alone, and more when it is not. */
const greed = 4
/** Those that have been waiting for long hold no place, but memory. */
const mostOfTenant = 2
const mostOfAll = 8

/**
 * Whether a tenant may take one more of `max` places: it never has more of them than `greed` times what is free, so that whoever comes next
 * finds some, and never more than there are, so that a provider that hangs holds up those who sent work to it. After Choudhury and Hahne,
 * "Dynamic queue length thresholds for shared-memory packet switches" (1998). Pure.
 */
export function hasPlace({ ofTenant, stale, young, all }: Places, max: number): boolean {
  const held = ofTenant - stale
  return held < max && held < greed * (max - young) && ofTenant < mostOfTenant * max && all < mostOfAll * max
}
