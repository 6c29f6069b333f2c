import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { type ProcessingFlags, processingWish, withProcessing } from './processing.ts'

function wishOf(...args: string[]) {
  const command = withProcessing(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  command.parse(args, { from: 'user' })
  return processingWish(command.opts<ProcessingFlags>())
}

test('an overlap above half of the tokens is refused before anything is sent', () => {
  const { chunking } = wishOf('--max-tokens', '100', '--overlap', '50')
  assert.deepEqual(chunking, { maxTokens: 100, overlapTokens: 50 })
  assert.throws(() => wishOf('--max-tokens', '100', '--overlap', '51'), { code: 'validation_failed' })
  assert.throws(() => wishOf('--overlap', '257'), { code: 'validation_failed' })
})

test('what is not wished for is left to the server', () => {
  assert.deepEqual(wishOf().parsing, {})
})

test('tier, pages, languages and all options of LlamaParse can be wished for', () => {
  const given = ['--tier', 'agentic', '--pages', '1,3-5', '--language', 'en,de', '--language', 'fr']
  const options = '{"processing_options":{"ignore":{"ignore_text_in_image":true}}}'
  assert.deepEqual(wishOf(...given, '--parse-options', options).parsing, {
    tier: 'agentic',
    pages: '1,3-5',
    languages: ['en', 'de', 'fr'],
    options: { processing_options: { ignore: { ignore_text_in_image: true } } },
  })
})

test('what LlamaParse cannot take is refused before anything is sent', () => {
  const wrong = [
    ['--tier', 'best'],
    ['--pages', '0'],
    ['--pages', '1-'],
    ['--language', 'german'],
    ['--parse-options', '[]'],
  ]
  for (const args of wrong) assert.throws(() => wishOf(...args), { code: 'commander.invalidArgument' }, args.join(' '))
})
