import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildZip, type ZipPart } from './__fixtures__/build-zip.ts'
import { checkOfficeZip } from './office-zip.ts'

test('parts are read when the zip is whole and of the claimed kind', async () => {
  const zip = await checkOfficeZip(buildZip([{ name: 'a.xml', content: 'größe' }]), 'a.xml', 100)
  assert.equal(await zip.read('a.xml'), 'größe')
  assert.equal(await zip.read('missing.xml'), '')
})

test('the bytes that really unpack are counted, over all parts', async () => {
  const content = Buffer.alloc(600_000)
  const check = (parts: ZipPart[]) => checkOfficeZip(buildZip(parts), 'a', 1_000_000)
  const tooMuch = { code: 'document_expands_too_much' }
  await assert.rejects(
    check([
      { name: 'a', content },
      { name: 'b', content },
    ]),
    tooMuch,
  )
  await assert.rejects(check([{ name: 'a', content: Buffer.alloc(1_000_001), claimedBytes: 1 }]), tooMuch)
  await assert.rejects(check([{ name: 'a', content, claimedBytes: 1 }]), { code: 'document_corrupt' })
  assert.ok((await check([{ name: 'a', content }])).has('a'))
})

test('a zip of very many parts is refused', async () => {
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `a${i}`, content: '' }))
  await assert.rejects(checkOfficeZip(buildZip(many), 'a0', 100), { code: 'document_expands_too_much' })
})

test('a zip in the zip stays packed', async () => {
  const inner = buildZip([{ name: 'x', content: Buffer.alloc(50_000_000) }])
  const zip = await checkOfficeZip(buildZip([{ name: 'a', content: inner }]), 'a', 1_000_000)
  assert.ok(zip.has('a'))
})

test('a damaged part is found', async () => {
  const bytes = buildZip([{ name: 'a', content: 'some text that is packed '.repeat(50) }])
  bytes.fill(0xff, 40, 60)
  await assert.rejects(checkOfficeZip(bytes, 'a', 100_000), { code: 'document_corrupt' })
})
