/** Takes the lock of the folder given, at the time given (ms), says how that went, and holds it until stdin ends. */
import { asAppError } from '../../../contract/failure.ts'
import { lockDirectory } from '../lock.fs.ts'

const [directory = '', atMs = '0'] = process.argv.slice(2)
await new Promise(resolve => setTimeout(resolve, Math.max(0, Number(atMs) - Date.now())))
try {
  const lock = lockDirectory(directory)
  process.stdout.write('locked\n')
  process.stdin.resume().on('end', () => lock.release())
} catch (error) {
  const { code, message } = asAppError(error)
  process.stdout.write(`${code} ${message}\n`)
}
