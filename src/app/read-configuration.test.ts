import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeConfiguration, readConfiguration } from './read-configuration.ts'
import { settings } from './settings.ts'

const names = Object.values(settings).map(setting => setting.name)

function fault(environment: Record<string, string>): string {
  try {
    readConfiguration(environment)
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'configuration_invalid')
    return (error as Error).message
  }
  throw new Error('the configuration was accepted')
}

test('nothing set: every setting has its default, and all defaults are valid', () => {
  const configuration = readConfiguration({})
  assert.deepEqual(Object.keys(configuration), Object.keys(settings))
  assert.equal(configuration.port, 8480)
  assert.equal(configuration.host, '127.0.0.1')
  assert.equal(configuration.databaseUrl, '')
  assert.equal(configuration.workers, true)
})

test('an empty variable counts as not set, a value is read by its type', () => {
  const configuration = readConfiguration({
    SLUICE_PORT: '',
    SLUICE_MAX_FILE_BYTES: '10',
    SLUICE_WORKERS: 'off',
    UNRELATED: 'x',
  })
  assert.equal(configuration.port, 8480)
  assert.equal(configuration.maxFileBytes, 10)
  assert.equal(configuration.workers, false)
})

test('I20: a misspelt setting is refused by its name', () => {
  assert.match(fault({ SLUICE_PROT: '80' }), /SLUICE_PROT is not a setting/)
})

test('I20: every wrong value is named at once', () => {
  const message = fault({
    SLUICE_PORT: 'http',
    SLUICE_OCR: 'maybe',
    SLUICE_EMBED_DIMENSIONS: '5000',
    SLUICE_WORKERS: 'yes',
  })
  for (const name of ['SLUICE_PORT', 'SLUICE_OCR', 'SLUICE_EMBED_DIMENSIONS', 'SLUICE_WORKERS'])
    assert.ok(message.includes(name), message)
  assert.ok(!message.includes('SLUICE_HOST'))
})

test('what the command line reads for itself is no fault', () => {
  readConfiguration({ SLUICE_URL: 'http://localhost:8480', SLUICE_API_KEY: 'sk-sluice-x', SLUICE_TENANT: 'default' })
})

test('I20, I32: doctor sees every setting with its source, and no secret', () => {
  const password = 'pa55word'
  const shown = describeConfiguration({ DATABASE_URL: `postgres://sluice:${password}@db/sluice`, SLUICE_PORT: '9000' })
  assert.deepEqual(
    shown.map(s => s.name),
    names,
  )
  const byName = new Map(shown.map(s => [s.name, s]))
  assert.deepEqual(byName.get('DATABASE_URL'), { name: 'DATABASE_URL', value: '***', source: 'environment' })
  assert.deepEqual(byName.get('SLUICE_PORT'), { name: 'SLUICE_PORT', value: '9000', source: 'environment' })
  assert.deepEqual(byName.get('SLUICE_HOST'), { name: 'SLUICE_HOST', value: '127.0.0.1', source: 'default' })
  assert.ok(!JSON.stringify(shown).includes(password))
})

test('a wrong secret is not shown in the fault either', () => {
  const wrong = { DATABASE_URL: 'postgres://sluice:pa55word@db/sluice', SLUICE_PORT: 'x' }
  assert.ok(!fault(wrong).includes('pa55word'))
})
