import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseQuery } from './choose-query.ts'

test('a telling heading becomes the query, without its marks', () => {
  const pages = [
    '# Introduction\n\nThis report is about many things and their pages.',
    '## The **geosmin** outbreak\n\nGeosmin came in August. The outbreak of geosmin ended when geosmin was filtered.',
    '## Other matters\n\nNothing of note.',
  ]
  assert.equal(chooseQuery(pages), 'The geosmin outbreak')
})

test('without headings the most telling words do', () => {
  const query = chooseQuery(['valve valve valve pressure pressure pump with some other words'])
  assert.equal(query?.split(' ')[0], 'valve')
  assert.equal(chooseQuery(['', '12 34 !!']), null)
})
