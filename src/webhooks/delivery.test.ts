import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppError } from '../contract/failure.ts'
import { isTerminalEvent, readDelivery } from './delivery.ts'

const event = {
  event_id: '0b8c2f5e-0000-4000-8000-000000000001',
  event_type: 'parse.success',
  timestamp: 1753985275.115,
  data: { id: 'pjb-1', job_id: 'pjb-1' },
}
const delivery = { eventId: event.event_id, eventType: 'parse.success', remoteId: 'pjb-1' }
const read = (body: unknown) => readDelivery(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

test('a body is a JSON object, or a string of JSON that holds one; what is not used may be anything', () => {
  assert.deepEqual(read(event), delivery)
  assert.deepEqual(read(JSON.stringify(JSON.stringify(event))), delivery)
  assert.deepEqual(read({ ...event, timestamp: 'soon', more: [] }), delivery)
})

test('the job is named by job_id, or by id alone', () => {
  assert.equal(read({ ...event, data: { id: 'other', job_id: 'pjb-1' } }).remoteId, 'pjb-1')
  assert.equal(read({ ...event, data: { id: 'pjb-2' } }).remoteId, 'pjb-2')
})

const broken: [what: string, body: unknown][] = [
  ['nothing', ''],
  ['no JSON', '{"event_id":'],
  ['a string of no JSON', '"secret words"'],
  ['a string in a string', JSON.stringify(JSON.stringify(JSON.stringify(event)))],
  ['a list', [event]],
  ['null', 'null'],
  ['a number', '7'],
  ['no event id', { ...event, event_id: undefined }],
  ['an empty event id', { ...event, event_id: '' }],
  ['an event id of 201 characters', { ...event, event_id: 'x'.repeat(201) }],
  ['a number as event id', { ...event, event_id: 7 }],
  ['a NUL in the event id', { ...event, event_id: 'a\u0000b' }],
  ['half a surrogate pair', `{"event_id":"\\ud800","event_type":"parse.success","data":{"id":"1"}}`],
  ['no event type', { ...event, event_type: undefined }],
  ['no data', { ...event, data: undefined }],
  ['no job', { ...event, data: {} }],
  ['a very long job id', { ...event, data: { job_id: 'secret words'.repeat(100) } }],
]
for (const [what, body] of broken) {
  test(`malformed: ${what}`, () => {
    assert.throws(
      () => read(body),
      (error: AppError) =>
        error.code === 'webhook_malformed' && !error.message.includes('secret words') && !error.cause,
    )
  })
}

test('malformed: bytes that are not UTF-8', () => {
  const bytes = Buffer.from(JSON.stringify(event), 'latin1')
  bytes[14] = 0xff
  assert.throws(() => readDelivery(bytes), { code: 'webhook_malformed' })
})

test('a job has ended with its success, error, partial success or cancellation, and with nothing else', () => {
  const types = ['success', 'error', 'partial_success', 'cancelled', 'pending', 'running', 'other'].map(
    t => `parse.${t}`,
  )
  assert.deepEqual(types.filter(isTerminalEvent), types.slice(0, 4))
  assert.equal(isTerminalEvent('sluice.test'), false)
})
