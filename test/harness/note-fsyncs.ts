/** A preload (`node --import`): appends the path of every file that is really synced, in any thread, to the file NOTE_FSYNCS_IN. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { fsyncSync, appendFileSync, readlinkSync } = fs
fs.fsyncSync = descriptor => {
  fsyncSync(descriptor)
  appendFileSync(process.env.NOTE_FSYNCS_IN ?? '', `${readlinkSync(`/proc/self/fd/${descriptor}`)}\n`)
}
syncBuiltinESMExports()
