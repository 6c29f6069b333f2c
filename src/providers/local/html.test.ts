import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { parseHtml } from './html.ts'

const limits = { path: '', fileType: 'html', maxUnpackedBytes: 1e7, maxTextBytes: 1e6, ocr: null } as const

test('text, links, lists, code and title are kept; scripts, styles and navigation are not', async () => {
  const html = `<!doctype html><html><head><title>Valves &amp; pipes</title><style>p{}</style></head><body>
    <nav><a href="/">menu</a></nav><script>alert(1)</script><h1>Care</h1>
    <p>See <a href="https://example.org/a b">the guide</a>, <a href="javascript:x()">not this</a> <img src="x.png" alt="a valve"></p>
    <ul><li>open<ul><li>slowly</li></ul></li><li>close</li></ul><ol start="3"><li>rinse</li></ol>
    <pre><code class="language-sh">turn --left
  twice</code></pre></body></html>`
  assert.equal(
    await markdownOf(html),
    [
      '# Valves & pipes',
      '# Care',
      'See [the guide](https://example.org/a%20b), not this a valve',
      '- open\n  - slowly\n- close',
      '3. rinse',
      '```sh\nturn --left\n  twice\n```',
    ].join('\n\n'),
  )
})

test('a title that the first heading repeats is not doubled', async () => {
  assert.equal(await markdownOf('<title>Same</title><h1>Same</h1><p>x</p>'), '# Same\n\nx')
})

test('tables become pipe tables: spans, empty and nested cells keep their columns; layout tables become text', async () => {
  const html = `<table><caption>Flow</caption><tr><th>A<th>B</tr><tr><td colspan=2>both</tr><tr><td></td><td><p>x</p><p>y|z</p></td></tr>
    <tr><td>o<table><tr><td>in<td>ner</table></td><td></td></tr></table><table><tr><td><p>only layout</p></td></tr></table>`
  assert.equal(
    await markdownOf(html),
    'Flow\n\n| A | B |\n| --- | --- |\n| both |  |\n|  | x y\\|z |\n| o in ner |  |\n\nonly layout',
  )
})

test('the charset comes from the mark, from UTF-8 itself, from the meta element, or is windows-1252', async () => {
  const grey = (charset: string) => `<meta charset="${charset}"><p>größe €</p>`
  assert.equal(await markdownOf(Buffer.from(`\ufeff${grey('x')}`, 'utf16le')), 'größe €')
  assert.equal(await markdownOf(grey('iso-8859-5')), 'größe €')
  assert.equal(await markdownOf(Buffer.from('<meta charset=koi8-r><p>\xd7\xcf\xc4\xc1</p>', 'latin1')), 'вода')
  assert.equal(await markdownOf(Buffer.from('<p>gr\xf6\xdfe \x80</p>', 'latin1')), 'größe €')
})

test('nothing is loaded from the network', async t => {
  let requestCount = 0
  const server = createServer((_, response) => response.end(String(requestCount++))).listen(0)
  t.after(() => server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await markdownOf(
    `<link rel=stylesheet href="${url}/a"><script src="${url}/b"></script><img src="${url}/c"><iframe src="${url}/d"></iframe>x`,
  )
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(requestCount, 0)
})

test('elements that are nested too deeply are a typed failure', async () => {
  await assert.rejects(parseHtml(Buffer.from('<b>'.repeat(50_000)), limits), { code: 'document_corrupt' })
})

async function markdownOf(html: string | Buffer): Promise<string> {
  return (await parseHtml(Buffer.from(html as string), limits)).pages[0]?.markdown ?? ''
}
