import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../src/contract/call.ts'
import type { JobState } from '../src/contract/job.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { jobInState } from './harness/job-in-state.ts'
import { makeDue } from './harness/make-due.ts'
import { cloudKey, creditNanoUsd, webhookSecret } from './harness/paid-cloud.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const pagePrice = 3n * creditNanoUsd

onEitherDatabase('parsing at LlamaParse, which is asked', createPlace => {
  const { sluice, cloud, restart } = usePaidCloud(createPlace, { impatient: true })
  const inState = (jobId: string, state: JobState) => jobInState(sluice(), jobId, state)
  const upload = async (name: string, options = {}) =>
    (await sluice().upload(`${name}.md`, `# ${name}\n\nThe text of ${name} is short.`, options)).body.document
  const totals = async () =>
    (
      await sluice().sql<{ cost: bigint; held: bigint }>(
        'SELECT coalesce(sum(cost_nano_usd), 0)::bigint AS cost, coalesce(sum(held_nano_usd), 0)::bigint AS held FROM sluice.ledger_entries',
      )
    )[0] ?? assert.fail()
  const balanced = async () => assert.deepEqual(await findImbalances(sluice().database), [])
  const remoteCalls = async () =>
    await sluice().sql<{ phase: string; remote_id: string }>('SELECT * FROM sluice.remote_calls')
  const forgotten = () => until('nothing is open at the provider', async () => (await remoteCalls()).length === 0)

  test('a document waits without a worker, is fetched once, and costs what LlamaParse says', async () => {
    const before = await totals()
    const { job, documentId } = await upload('first')
    const document = await until('it succeeded', async () => {
      const found = await sluice().document(documentId)
      return found.job.state === 'succeeded' && found
    })
    const { parse } = document.live?.provenance ?? assert.fail('not live')
    assert.deepEqual([parse.provider, parse.model, parse.simulated], ['llamaparse', 'cost_effective', false])
    const reasons = (await sluice().job(job.jobId)).events.map(event => event.reason)
    assert.deepEqual(reasons.slice(0, 6), ['created', 'claimed', 'handed_over', 'woken', 'claimed', 'stage_done'])
    const after = await totals()
    assert.equal(after.cost - before.cost, pagePrice)
    assert.equal(after.held, 0n)
    const { requests } = cloud().simulator.counters()
    // How it stands, and its pages.
    assert.deepEqual([requests.upload, requests.get], [1, 2])
    await forgotten()
    await balanced()
  })

  test('P14: the id of its job is noted before anything waits, and survives a restart in between: nothing is sent again', async () => {
    cloud().simulator.inject({ kind: 'latency', on: 'list', ms: 1_500 })
    const uploads = cloud().simulator.counters().requests.upload
    const { job } = await upload('restart')
    const { awaited } = await inState(job.jobId, 'waiting')
    const [call] = await remoteCalls()
    assert.match(
      awaited?.message ?? '',
      new RegExp(`llamaparse, cost_effective, is at work on it as ${call?.remote_id}`),
    )
    await restart()
    await inState(job.jobId, 'succeeded')
    assert.equal(cloud().simulator.counters().requests.upload, (uploads ?? 0) + 1)
    await balanced()
  })

  test('P14: what does not end in time is cancelled there, marked, and tried again as a new job', async () => {
    cloud().simulator.inject({ kind: 'job_hangs' })
    const before = await totals()
    const { job } = await upload('stuck')
    await inState(job.jobId, 'waiting')
    await sluice().sql(`UPDATE sluice.remote_calls SET deadline_at = now() WHERE phase = 'running'`)
    const retrying = await until('it was given up', async () => {
      const found = await sluice().job(job.jobId)
      return found.events.some(event => event.error?.code === 'remote_job_stuck') && found
    })
    assert.match(retrying.events.find(e => e.error)?.error?.message ?? '', /llamaparse did not finish job pjb-/)
    await makeDue(sluice())
    await inState(job.jobId, 'succeeded')
    assert.equal(cloud().simulator.counters().cancelled, 1)
    await forgotten()
    assert.equal((await totals()).cost - before.cost, pagePrice)
    const { body } = await sluice().request<{ alerts: { kind: string }[] }>('GET', '/v1/alerts')
    assert.ok(body.alerts.some(alert => alert.kind === 'call_stuck'))
    await balanced()
  })

  test('what is cancelled here is cancelled there, and its money is free again', async () => {
    cloud().simulator.inject({ kind: 'job_hangs' })
    const before = await totals()
    const { cancelled } = cloud().simulator.counters()
    const { job } = await upload('cancelled')
    await inState(job.jobId, 'waiting')
    assert.equal((await totals()).held, pagePrice)
    await sluice().request('POST', `/v1/jobs/${job.jobId}/cancel`)
    await until('it is cancelled there', async () => cloud().simulator.counters().cancelled === cancelled + 1)
    await forgotten()
    assert.deepEqual(await totals(), before)
    await sluice().request('POST', `/v1/jobs/${job.jobId}/retry`)
    await inState(job.jobId, 'succeeded')
    await balanced()
  })

  test('P9: when the answer to an upload is lost, its job is looked for, and nothing is bought twice', async () => {
    cloud().simulator.inject({ kind: 'connection_lost', on: 'upload', done: true })
    const before = cloud().simulator.counters()
    const { job } = await upload('lost')
    await inState(job.jobId, 'deferred')
    const { body } = await sluice().request<{ calls: Call[] }>('GET', '/v1/calls')
    assert.equal(body.calls.length, 1)
    await until('the job was found', async () => {
      await makeDue(sluice())
      return (await sluice().job(job.jobId)).state === 'succeeded'
    })
    const after = cloud().simulator.counters()
    assert.deepEqual([after.jobs, after.credits], [before.jobs + 1, before.credits + 3])
    await balanced()
  })

  test('P9: an upload that was never taken is sent again once that is sure', async () => {
    cloud().simulator.inject({ kind: 'connection_lost', on: 'upload' })
    const before = cloud().simulator.counters()
    const { job } = await upload('never-taken')
    await inState(job.jobId, 'deferred')
    await sluice().sql(
      `UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '1 hour' WHERE state = 'unknown'`,
    )
    await until('it was sent again', async () => {
      await makeDue(sluice())
      return (await sluice().job(job.jobId)).state === 'succeeded'
    })
    assert.equal(cloud().simulator.counters().jobs, before.jobs + 1)
    await balanced()
  })

  test('I6, P18: a 429 without Retry-After burns no attempt, and nobody sends anything for a while', async () => {
    cloud().simulator.inject({ kind: 'rate_limited', on: 'upload' })
    const before = cloud().simulator.counters().requests.upload ?? 0
    const { job } = await upload('limited')
    const retrying = await inState(job.jobId, 'retrying')
    assert.deepEqual([retrying.error?.code, retrying.failures], ['provider_rate_limited', 0])
    const other = await upload('limited-too')
    await until(
      'the other one had to wait, too',
      async () => (await sluice().job(other.job.jobId)).state === 'retrying',
    )
    assert.equal(cloud().simulator.counters().requests.upload, before + 1)
    await sluice().sql(`UPDATE sluice.rate_limits SET closed_until = now()`)
    await makeDue(sluice())
    await inState(job.jobId, 'succeeded')
    await inState(other.job.jobId, 'succeeded')
    await balanced()
  })

  test('without credits documents wait and go on by themselves; an alert says so', async () => {
    cloud().simulator.inject({ kind: 'credits_spent' })
    const { job } = await upload('no-credits')
    const waiting = await inState(job.jobId, 'deferred')
    assert.equal(waiting.deferral?.reason, 'provider_stopped')
    assert.equal((await totals()).held, 0n)
    const { body } = await sluice().request<{ alerts: { kind: string }[] }>('GET', '/v1/alerts')
    assert.ok(body.alerts.some(alert => alert.kind === 'provider_stopped'))
    const { upload: uploads } = cloud().simulator.counters().requests
    const other = await upload('no-credits-either')
    await inState(other.job.jobId, 'deferred')
    assert.equal(cloud().simulator.counters().requests.upload, uploads, 'it was not even asked')
    await sluice().sql('UPDATE sluice.provider_stops SET stopped_until = now()')
    await makeDue(sluice())
    await inState(job.jobId, 'succeeded')
    await inState(other.job.jobId, 'succeeded')
    await balanced()
  })

  const failures = {
    UNSUPPORTED_FILE_TYPE: 'file_type_unsupported',
    PDF_IS_PROTECTED: 'document_encrypted',
    PDF_IS_BROKEN: 'document_corrupt',
    NO_DATA_FOUND_IN_FILE: 'document_without_text',
    DOCUMENT_TOO_LARGE: 'document_too_large',
    TOO_MANY_PAGES: 'document_too_large',
  } as const
  test('I22: a document that LlamaParse refuses fails at once, with its own code and ours, and costs nothing', async () => {
    const before = await totals()
    for (const [code, ours] of Object.entries(failures)) {
      cloud().simulator.inject({ kind: 'job_fails', code: code as keyof typeof failures })
      const { job } = await upload(code)
      const { error } = await inState(job.jobId, 'failed')
      assert.equal(error?.code, ours, code)
      assert.match(`${error?.message} ${error?.cause}`, new RegExp(`${code}`))
      assert.match(error?.message ?? '', /pjb-/)
    }
    await forgotten()
    assert.deepEqual(await totals(), before)
    await balanced()
  })

  test('what LlamaParse fails on by itself is tried again', async () => {
    cloud().simulator.inject({ kind: 'job_fails', code: 'INTERNAL_ERROR' })
    const { job } = await upload('internal')
    await until('it failed once', async () => (await sluice().job(job.jobId)).events.some(event => event.error))
    await makeDue(sluice())
    await inState(job.jobId, 'succeeded')
    await balanced()
  })

  test('P18: answers that are of no use are asked for again; nothing that was paid is lost', async () => {
    cloud().simulator.inject(
      { kind: 'server_error', on: 'get' },
      { kind: 'malformed', on: 'get', body: 'html' },
      { kind: 'body_breaks', on: 'get' },
      { kind: 'rate_limited', on: 'get' },
      { kind: 'server_error', on: 'list' },
    )
    const before = cloud().simulator.counters()
    const { job } = await upload('bad-answers')
    const { failures: burnt } = await inState(job.jobId, 'succeeded')
    assert.equal(burnt, 0)
    const after = cloud().simulator.counters()
    assert.deepEqual([after.jobs, after.credits], [before.jobs + 1, before.credits + 3])
    await balanced()
  })

  test('while LlamaParse does not know what a job cost, its money stays held; the document is done all the same', async () => {
    cloud().simulator.inject({ kind: 'usage_stays_null' })
    const before = await totals()
    const { job } = await upload('unbilled')
    await inState(job.jobId, 'succeeded')
    const after = await totals()
    assert.deepEqual([after.cost - before.cost, after.held], [0n, pagePrice])
    const [call] = await remoteCalls()
    assert.equal(call?.phase, 'billing')
    await sluice().sql(`UPDATE sluice.remote_calls SET ended_at = now() - interval '100 hours', look_at = now()`)
    await forgotten()
    const { body } = await sluice().request<{ calls: Call[] }>('GET', '/v1/calls')
    assert.match(body.calls[0]?.note ?? '', /llamaparse has not said what job pjb-.* cost/)
    await sluice().request('POST', `/v1/calls/${body.calls[0]?.callId}/resolve`, { outcome: 'charged' })
    assert.equal((await totals()).held, 0n)
    await balanced()
  })

  test('a job that LlamaParse does not know any more fails loudly', async () => {
    cloud().simulator.inject({ kind: 'usage_stays_null' }, { kind: 'latency', on: 'list', ms: 1_000 })
    const before = await totals()
    const { job } = await upload('gone')
    await inState(job.jobId, 'waiting')
    const [call] = await remoteCalls()
    await until('it is done there', async () => {
      const response = await fetch(`${cloud().url}/api/v2/parse/${call?.remote_id}`, {
        headers: { authorization: `Bearer ${cloudKey}` },
      })
      return JSON.stringify(await response.json()).includes('COMPLETED')
    })
    await fetch(`${cloud().url}/api/v2/parse/${call?.remote_id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${cloudKey}` },
    })
    await sluice().sql(
      `UPDATE sluice.remote_calls SET submitted_at = submitted_at - interval '1 hour', ended_at = now()`,
    )
    const failed = await inState(job.jobId, 'failed')
    assert.equal(failed.error?.code, 'remote_job_lost')
    assert.equal((await totals()).held, pagePrice)
    // Nobody says what it cost: after three days that is for the operator.
    await sluice().sql(`UPDATE sluice.remote_calls SET ended_at = now() - interval '100 hours', look_at = now()`)
    await forgotten()
    const { body } = await sluice().request<{ calls: Call[] }>('GET', '/v1/calls')
    await sluice().request('POST', `/v1/calls/${body.calls[0]?.callId}/resolve`, { outcome: 'charged' })
    assert.equal((await totals()).cost - before.cost, pagePrice)
    await balanced()
  })

  test('an upload can ask for another tier, whose price is held and booked', async () => {
    const before = await totals()
    const { job, documentId } = await upload('agentic', { parsing: { tier: 'agentic', languages: ['de'] } })
    await inState(job.jobId, 'succeeded')
    assert.equal((await totals()).cost - before.cost, 10n * creditNanoUsd)
    assert.equal((await sluice().document(documentId)).live?.provenance.parse.model, 'agentic')
    const fast = await upload('fast', { parsing: { tier: 'fast' } })
    await inState(fast.job.jobId, 'succeeded')
    const bad = await sluice().upload('bad.md', 'bad', { parsing: { tier: 'best' } })
    assert.equal(bad.status, 400)
    await balanced()
  })

  test('a document is not parsed again under the same options, and is under others', async () => {
    const uploads = () => cloud().simulator.counters().requests.upload ?? 0
    const { documentId, job } = await upload('again')
    await inState(job.jobId, 'succeeded')
    const before = uploads()
    for (const [parsing, more] of [
      [{}, 0],
      [{ tier: 'agentic' }, 1],
      [{ tier: 'agentic' }, 1],
    ] as const) {
      const { body } = await sluice().request<{ job: { jobId: string } }>(
        'POST',
        `/v1/documents/${documentId}/versions`,
        { parsing },
      )
      await inState(body.job.jobId, 'succeeded')
      assert.equal(uploads(), before + more)
    }
  })

  test('a budget defers a document before it is sent', async () => {
    await sluice().request('PUT', '/v1/budgets/default/tight', {
      capNanoUsd: '1',
      period: 'day',
      service: 'parse',
      tag: 'tight',
    })
    const uploads = cloud().simulator.counters().requests.upload
    const { job } = await upload('over-budget', { tags: ['tight'] })
    const deferred = await inState(job.jobId, 'deferred')
    assert.equal(deferred.deferral?.neededNanoUsd, String(pagePrice))
    assert.equal(cloud().simulator.counters().requests.upload, uploads)
    await sluice().request('PUT', '/v1/budgets/default/tight', {
      capNanoUsd: '100000000',
      period: 'day',
      service: 'parse',
      tag: 'tight',
    })
    await inState(job.jobId, 'succeeded')
    await balanced()
  })
})

onEitherDatabase('parsing at LlamaParse, which sends webhooks', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    environment: {
      SLUICE_PUBLIC_URL: 'https://sluice.example.com',
      SLUICE_WEBHOOK_SECRETS: webhookSecret,
      LLAMA_CLOUD_ORGANIZATION_ID: '0b6f5c1e-0d8f-4c5b-9d51-3a1f0c7f7a10',
    },
  })
  const done = async (name: string) => {
    const { live, job } = await sluice().ingest(`${name}.md`, `# ${name}\n\nThe text of ${name} is short.`)
    assert.ok(live, String(job.error?.message))
    return job
  }
  const lists = () => cloud().simulator.counters().requests.list ?? 0

  test('a webhook ends the wait: the provider is not asked at all', async () => {
    const before = lists()
    await done('hinted')
    assert.equal(lists(), before)
    assert.ok(cloud().simulator.counters().webhooks.acknowledged > 0)
  })

  test('I27: a webhook that is faster than the answer to the upload is not lost', async () => {
    const before = lists()
    const { acknowledged } = cloud().simulator.counters().webhooks
    cloud().beforeUploadIsAnswered = async () => {
      await until('the webhook arrived', async () => cloud().simulator.counters().webhooks.acknowledged > acknowledged)
    }
    await done('early')
    cloud().beforeUploadIsAnswered = null
    assert.equal(lists(), before)
  })

  test('I9: when webhooks are lost, late, doubled or out of order, the document is done all the same', async () => {
    const hurry = setInterval(() => {
      void sluice().sql(
        `UPDATE sluice.remote_calls SET look_at = least(look_at, now() + interval '1 second') WHERE phase = 'running'`,
      )
    }, 500)
    try {
      for (const delivery of ['lost', 'duplicated', 'late', 'reordered'] as const) {
        const { credits } = cloud().simulator.counters()
        cloud().simulator.inject({ kind: 'webhooks', delivery, lateMs: 3_000 })
        assert.equal((await done(delivery)).state, 'succeeded', delivery)
        assert.equal(cloud().simulator.counters().credits, credits + 3)
      }
    } finally {
      clearInterval(hurry)
    }
    assert.deepEqual(await findImbalances(sluice().database), [])
  })

  test('I9: a webhook for a job that is not done changes nothing', async () => {
    cloud().simulator.inject({ kind: 'job_hangs' })
    const { body } = await sluice().upload('not-done.md', '# Not done\n\nStill at it.')
    const { jobId } = body.document.job
    await until('it waits', async () => (await sluice().job(jobId)).state === 'waiting')
    const sent = (
      await sluice().sql<{ remote_id: string }>(`SELECT remote_id FROM sluice.remote_calls WHERE phase = 'running'`)
    )[0]
    await sluice().sql(`UPDATE sluice.remote_calls SET ended_at = now() WHERE remote_id = $1`, [sent?.remote_id])
    const again = await until('it waits again', async () => {
      const { state, events } = await sluice().job(jobId)
      return state === 'waiting' && events.filter(event => event.reason === 'handed_over').length === 2 && events
    })
    assert.equal(again.filter(event => event.error?.code).length, 0)
    await sluice().request('POST', `/v1/jobs/${jobId}/cancel`)
  })

  test('what a job cost that is gone, the organization’s metrics say', async () => {
    cloud().simulator.inject({ kind: 'webhooks', delivery: 'lost' })
    const { completed } = cloud().simulator.counters()
    const { body } = await sluice().upload('gone.md', '# Gone\n\nDeleted before it was fetched.')
    await until('it is done there', async () => cloud().simulator.counters().completed > completed)
    const [call] = await until('its job is noted', async () => {
      const rows = await sluice().sql<{ remote_id: string }>(
        `SELECT r.remote_id FROM sluice.remote_calls r JOIN sluice.jobs j ON j.awaited_call_id = r.call_id WHERE j.job_id = $1`,
        [body.document.job.jobId],
      )
      return rows.length > 0 && rows
    })
    const headers = { authorization: `Bearer ${cloudKey}` }
    await fetch(`${cloud().url}/api/v2/parse/${call?.remote_id}`, { method: 'DELETE', headers })
    await sluice().sql(
      `UPDATE sluice.remote_calls SET submitted_at = now() - interval '1 hour', ended_at = now() WHERE remote_id = $1`,
      [call?.remote_id],
    )
    const failed = await until('it failed', async () => {
      const job = await sluice().job(body.document.job.jobId)
      return job.state === 'failed' && job
    })
    assert.equal(failed.error?.code, 'remote_job_lost')
    const settled = await until('its cost is settled', async () => {
      const rows = await sluice().sql<{ cost: bigint }>(
        `SELECT e.cost_nano_usd AS cost FROM sluice.ledger_entries e JOIN sluice.holds h USING (call_id) WHERE h.remote_id = $1 AND kind = 'settlement'`,
        [call?.remote_id],
      )
      return rows[0]
    })
    assert.equal(settled.cost, pagePrice)
  })
})
