/**
 * Loaded before everything else, in each thread: sets the clock of this process ahead by CLOCK_AHEAD_MS. The embedded database, which asks
 * `Date.now` for the time, lives by the same clock.
 */
const aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0)
const MachineDate = Date

class ShiftedDate extends MachineDate {
  constructor(...given: []) {
    if (given.length === 0) super(MachineDate.now() + aheadMs)
    else super(...given)
  }
  static override now(): number {
    return MachineDate.now() + aheadMs
  }
}

if (aheadMs !== 0) globalThis.Date = ShiftedDate as DateConstructor
