import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameReader } from './read-frames.ts'

const stream =
  'retry: 1000\n\nevent: position\nid: a\ndata: {}\n\n:\n\nevent: job\nid: b\ndata: {"at":"12:00"}\n\nevent: reset\nid: c\ndata: 1\ndata: 2\n\nevent: job\nid: d'

for (const size of [1, 3, 1000]) {
  test(`events are read from pieces of ${size} characters; comments and what is cut off are left out`, () => {
    const read = createFrameReader()
    const frames = []
    for (let at = 0; at < stream.length; at += size) frames.push(...read(stream.slice(at, at + size)))
    assert.deepEqual(frames, [
      { name: 'position', id: 'a', data: '{}' },
      { name: 'job', id: 'b', data: '{"at":"12:00"}' },
      { name: 'reset', id: 'c', data: '1\n2' },
    ])
  })
}
