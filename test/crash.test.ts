import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { stages } from '../src/contract/job.ts'
import { moments } from '../src/jobs/announce.ts'
import { assertExactlyOnce } from './harness/assert-exactly-once.ts'
import { crashDocuments } from './harness/crash-documents.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type DyingServer, dyingServerSecret, startDying } from './harness/dying-server.ts'
import { letTheDeadGoCold } from './harness/let-the-dead-go-cold.ts'
import { pause } from './harness/sluice-under-test.ts'
import { takeTurns } from './harness/take-turns.ts'

const torture = process.env.TORTURE === '1'
const documents = crashDocuments(20)
const every = stages.flatMap(stage => moments.map(moment => `${stage}/${moment}`))
/** One moment of each stage; the full list, and more seeds, are for `npm run torture`. */
const some = ['parse/claimed', 'chunk/before_commit', 'embed/before_save', 'publish/after_commit']
const seeds = torture ? 20 : 1

onBothDatabases('SIGKILL of the serving process (I10, I28, P4, P12, P16)', (createPlace, kind) => {
  let place: Place
  before(async () => {
    place = await createPlace()
  })
  after(() => place.remove())

  const deaths = takeTurns(torture ? every : some, kind)
  test(`at ${deaths.length} transitions of ${documents.length} documents: everything completes exactly once`, {
    timeout: 600_000,
  }, async t => {
    const uploading = await startDying(place, { environment: { SLUICE_WORKERS: 'off' } })
    await Promise.all(documents.map(d => uploadOne(uploading, d)))
    let paidTokens = 0
    assert.equal((await uploading.kill()).signal, 'SIGKILL')
    const firstClaims: number[] = []
    for (const at of deaths) {
      const dying = await startDying(place, { at })
      const { signal, moments: seen, firstClaimMs, ...ending } = await dying.ended
      assert.equal(signal, 'SIGKILL', `did not come to ${at}: ${seen.join(' ')}`)
      assert.equal(seen.at(-1), at)
      paidTokens += ending.paidTokens
      firstClaims.push(firstClaimMs ?? Number.NaN)
      await letTheDeadGoCold(place)
    }
    paidTokens += await finish(place)
    t.diagnostic(`from process start to the first job taken up, in ms: ${firstClaims.map(Math.round).join(' ')}`)
    const tokens = await assertExactlyOnce(place, documents)
    t.diagnostic(JSON.stringify({ ...tokens, paidTokens }))
    assertTokens(tokens, paidTokens, deaths.length)
  })
})

onBothDatabases('SIGKILL at random moments while documents come in (I11, P16)', createPlace => {
  for (let seed = 1; seed <= seeds; seed++) {
    test(`seed ${seed}: what was acknowledged completes exactly once`, { timeout: 600_000 }, async t => {
      const place = await createPlace()
      try {
        const random = mulberry32(seed)
        const waiting = new Set(documents)
        let deaths = 0
        let paidTokens = 0
        while (deaths < (torture ? 12 : 1)) {
          const dying = await startDying(place, { at: 'any', after: 2 + Math.floor(random() * 25) })
          // What is refused or unanswered when the server dies is uploaded again, as a client would.
          await Promise.all(
            [...waiting].map(d =>
              uploadOne(dying, d).then(
                () => waiting.delete(d),
                () => {},
              ),
            ),
          )
          const ending = await Promise.race([dying.ended, whenIdle(dying)])
          if (ending === 'idle') paidTokens += (await dying.kill()).paidTokens
          else paidTokens += ending.paidTokens
          deaths++
          await letTheDeadGoCold(place)
          if (ending === 'idle' && waiting.size === 0) break
        }
        paidTokens += await finish(place, [...waiting])
        const tokens = await assertExactlyOnce(place, documents)
        t.diagnostic(JSON.stringify({ ...tokens, paidTokens, deaths }))
        assertTokens(tokens, paidTokens, deaths)
      } finally {
        await place.remove()
      }
    })
  }
})

onBothDatabases('SIGKILL, then a start', (createPlace, kind) => {
  test('the interrupted job is taken up by itself', { timeout: 120_000 }, async t => {
    const place = await createPlace()
    try {
      const dying = await startDying(place, { at: 'parse/claimed' })
      await uploadOne(dying, documents[0]).catch(() => {})
      assert.equal((await dying.ended).signal, 'SIGKILL')
      const next = await startDying(place)
      await next.settled()
      const { firstClaimMs } = await next.stop()
      t.diagnostic(`${kind}: taken up ${Math.round(firstClaimMs ?? Number.NaN)} ms after the start of the process`)
      // On PostgreSQL the dead worker might live on another host, so its heartbeat has to go cold first (15 s).
      assert.ok(firstClaimMs !== null && firstClaimMs < 60_000)
    } finally {
      await place.remove()
    }
  })

  test('half an upload leaves nothing', { timeout: 120_000 }, async () => {
    const place = await createPlace()
    try {
      const dying = await startDying(place)
      const incoming = join(place.dataDir, 'blobs', '.incoming')
      const socket = await sendHalf(dying)
      while (readdirSync(incoming).length === 0) await pause(10)
      assert.equal((await dying.kill()).signal, 'SIGKILL')
      socket.destroy()
      const next = await startDying(place)
      const { body } = await next.request<{ items: unknown[] }>('GET', '/v1/documents')
      assert.deepEqual(body.items, [])
      // With PostgreSQL other processes may be receiving into the folder; there the piece is deleted when it is a day old.
      if (kind === 'embedded') assert.deepEqual(readdirSync(incoming), [])
      await uploadOne(next, documents[0])
      await next.settled()
      await next.stop()
      await assertExactlyOnce(place, documents.slice(0, 1))
    } finally {
      await place.remove()
    }
  })
})

async function uploadOne(server: DyingServer, document: (typeof documents)[number] | undefined): Promise<void> {
  if (!document) return
  const { status, body } = await server.upload(document.name, document.text, { idempotencyKey: document.name })
  assert.ok(status === 200 || status === 201, `${status} ${JSON.stringify(body)}`)
}

/** Starts a server that does not die, lets everything come to its end, and stops it properly. Returns the tokens it paid. */
async function finish(place: Place, missing: readonly (typeof documents)[number][] = []): Promise<number> {
  const server = await startDying(place)
  for (const document of missing) await uploadOne(server, document)
  await server.settled()
  const { exitCode, paidTokens } = await server.stop()
  assert.equal(exitCode, 0)
  return paidTokens
}

/**
 * A vector is stored together with its ledger entry, so the books show what is stored. What the provider charged can be more:
 * a call that was answered but not stored when its process died is made again. At most two batches are in flight, each with all
 * texts at most.
 */
function assertTokens(
  tokens: { neededTokens: number; bookedTokens: number },
  paidTokens: number,
  deaths: number,
): void {
  const { neededTokens, bookedTokens } = tokens
  assert.equal(bookedTokens, neededTokens, 'a text was booked twice, or not at all')
  assert.ok(paidTokens >= bookedTokens, `paid ${paidTokens}, booked ${bookedTokens}`)
  assert.ok(paidTokens <= bookedTokens + deaths * neededTokens, `paid ${paidTokens}, needed ${neededTokens}`)
}

async function whenIdle(server: DyingServer): Promise<'idle'> {
  await server.settled().catch(() => new Promise(() => {}))
  return 'idle'
}

async function sendHalf(server: DyingServer): Promise<ReturnType<typeof connect>> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  const head = ['POST /v1/documents HTTP/1.1', `host: ${hostname}`, `authorization: Bearer ${dyingServerSecret}`]
  const type = ['content-type: multipart/form-data; boundary=edge', 'content-length: 100000', '', '']
  const part = [
    '--edge',
    'content-disposition: form-data; name="file"; filename="half.txt"',
    'content-type: text/plain',
    '',
    'x'.repeat(50_000),
  ]
  socket.write([...head, ...type].join('\r\n') + part.join('\r\n'))
  return socket
}

/** A small random source with a seed (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
