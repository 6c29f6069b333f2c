import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headingText } from './heading-text.ts'

const cases: [markdown: string, plain: string][] = [
  ['Plain  text ', 'Plain text'],
  ['**Bold** and _italic_ and ***both***', 'Bold and italic and both'],
  ['__init__ of snake_case_name', 'init of snake_case_name'],
  ['2 * 3 * 4 = 24', '2 * 3 * 4 = 24'],
  ['~~old~~ new', 'old new'],
  ['The `chunk(*a*)` function', 'The chunk(*a*) function'],
  ['[Guide](https://example.org/a_(b)) to [refs][1]', 'Guide to refs'],
  ['![logo](logo.png) Sluice', 'logo Sluice'],
  ['[![alt](a.png)](b.html)', 'alt'],
  ['See <https://example.org/>', 'See https://example.org/'],
  ['a <b>bold</b><br/> c', 'a bold c'],
  ['1\\. not \\*emphasis\\*', '1. not *emphasis*'],
  ['a < b and c > d', 'a < b and c > d'],
  ['**Launch 🚀** _😀_', 'Launch 🚀 😀'],
]

for (const [markdown, plain] of cases) {
  test(`the plain text of "${markdown}"`, () => assert.equal(headingText(markdown), plain))
}
