import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the bench tells each contender, as JSON in its first argument: `folder` of the files, `baseUrl` of OpenAI's API, `maxTokens` and
 * `overlapTokens` of a chunk, `model`, and where there is one `databaseUrl`.
 */
export const wish = JSON.parse(process.argv[2] ?? '{}')

/** Reads the files, one after another or all at once as the caller awaits them. */
export async function listFiles() {
  return (await readdir(wish.folder)).sort().map(name => join(wish.folder, name))
}

export const readText = path => readFile(path, 'utf8')

/**
 * Says that it is ready, waits for `go`, and tells how long `run` took; after `check`, the texts of the chunks, for the bench to count.
 * `run` embeds everything and returns a function that gives these texts.
 */
export function contend(run) {
  let texts
  process.on('message', async message => {
    if (message === 'go') {
      const startedAt = performance.now()
      texts = await run()
      process.send({ kind: 'done', tookMs: performance.now() - startedAt })
    }
    if (message === 'check') process.send({ kind: 'checked', texts: await texts() })
  })
  process.once('disconnect', () => process.exit())
  process.send({ kind: 'ready' })
}
