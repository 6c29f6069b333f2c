import type { Command } from 'commander'
import { eventKinds, eventSchema, resetSchema } from '../../contract/event.ts'
import { eventWords } from '../events/event-words.ts'
import { createMessageReader, type EventMessage } from '../events/read-messages.ts'
import { exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { useServer } from '../server/use-server.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import type { Terminal } from '../text/terminal.ts'
import { examples } from './examples.ts'

interface EventFlags {
  kinds?: string
  after?: string
}

/** --tenant says whose events are meant, which an admin key may follow; it does not choose the data. */
const wish = { workers: true, tenantDecidesNothing: true }

export function addEvents(program: Command, programName: string, run: RunAction): void {
  program
    .command('events')
    .summary('follow what happens, as it happens')
    .description(
      'Prints a line for each change of a job, decision, entry of the books, alert and change of a setting, until Ctrl-C. With --json each ' +
        'line is the event as the API tells it.',
    )
    .option('-k, --kinds <kinds>', `only these, separated by commas: ${eventKinds.join(', ')}`)
    .option('--after <id>', 'begin behind this id of the stream, not with what happens from now on')
    .addHelpText(
      'after',
      examples(programName, [
        ['events --kinds job,alert', 'what becomes of the documents, and what is wrong'],
        ['events --tenant "*" --json', 'everything of all tenants, for scripts (with an admin key)'],
      ]),
    )
    .action((flags: EventFlags, command: Command) =>
      run(command, async invocation => {
        const { global, err } = invocation
        const query = { kinds: flags.kinds, after: flags.after, tenant: global.tenant }
        const read = createMessageReader()
        await useServer(invocation, wish, client =>
          client.events(query, piece => {
            for (const message of read(piece)) print(invocation, message)
          }),
        )
        err.line('The server has ended the stream.')
        return exitCodes.ok
      }),
    )
}

function print({ global, out, err }: Invocation, { name, id, data }: EventMessage): void {
  const content = JSON.parse(data) as object
  if (name === 'reset') err.line(err.colors.yellow(printable(resetSchema.parse(content).message)))
  else if (name !== 'position' && global.json) out.line(JSON.stringify({ id, ...content }))
  else if (name !== 'position') printEvent(out, content)
}

function printEvent(out: Terminal, content: object): void {
  const event = eventSchema.safeParse(content)
  // A newer server may tell of what this version does not know.
  if (!event.success) return
  const { at, kind, tenantId, documentId, callId } = event.data
  const words = [formatTime(at), kind.padEnd(11), tenantId, eventWords(event.data)].map(printable)
  out.line([...words, out.colors.dim(documentId ?? callId ?? '')].join('  ').trimEnd())
}
