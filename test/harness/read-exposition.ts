import assert from 'node:assert/strict'

export interface ExposedSample {
  name: string
  labels: Record<string, string>
  value: number
}

export interface ExposedFamily {
  name: string
  type: string
  help: string
  samples: ExposedSample[]
}

/** Reads the text format of Prometheus, strictly: whatever is not just so fails. */
export function readExposition(text: string): Map<string, ExposedFamily> {
  assert.ok(text.endsWith('\n'), 'the last line ends')
  const families = new Map<string, ExposedFamily>()
  let current: ExposedFamily | undefined
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const help = /^# HELP ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line)
    if (help) {
      assert.ok(!families.has(help[1] ?? ''), `${help[1]} is described once`)
      current = { name: help[1] ?? '', help: help[2] ?? '', type: '', samples: [] }
      families.set(current.name, current)
    } else if (type) {
      assert.equal(type[1], current?.name, 'a type follows its help')
      if (current) current.type = type[2] ?? ''
    } else {
      const sample = readSample(line)
      assert.ok(current && belongs(sample.name, current), `${line} belongs to ${current?.name}`)
      assert.ok(!seen.has(line.slice(0, line.lastIndexOf(' '))), `${line} is there once`)
      seen.add(line.slice(0, line.lastIndexOf(' ')))
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) checkFamily(family)
  return families
}

function readSample(line: string): ExposedSample {
  const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  assert.ok(parts, `a sample: ${line}`)
  const [, name = '', labelText = '', valueText = ''] = parts
  const labels: Record<string, string> = {}
  const rest = labelText.replaceAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g, (_, label, value) => {
    labels[label] = value
    return ''
  })
  assert.equal(rest, '', `labels: ${line}`)
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText)
  if (!/^nan$/i.test(valueText)) assert.ok(!Number.isNaN(value), `a number: ${line}`)
  return { name, labels, value }
}

function belongs(name: string, { name: family, type }: ExposedFamily): boolean {
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  return suffixes.some(suffix => name === family + suffix)
}

function checkFamily({ name, type, samples }: ExposedFamily): void {
  assert.notEqual(type, '', `${name} has a type`)
  if (type === 'gauge') assert.doesNotMatch(name, /_total$/)
  if (type === 'counter') {
    assert.match(name, /_total$/)
    for (const { value } of samples) assert.ok(value >= 0, `${name} is not negative`)
  }
  if (type !== 'histogram') return
  const groups = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels))
  for (const group of groups.values()) {
    const buckets = group.filter(sample => sample.name.endsWith('_bucket'))
    const count = group.find(sample => sample.name.endsWith('_count'))?.value
    buckets.reduce((before, { value }) => {
      assert.ok(value >= before, `the buckets of ${name} only grow`)
      return value
    }, 0)
    assert.equal(buckets.at(-1)?.labels.le, '+Inf')
    assert.equal(buckets.at(-1)?.value, count)
  }
}

/** The sum of a family's samples that have these labels. */
export function sumOf(families: Map<string, ExposedFamily>, name: string, labels: Record<string, string> = {}): number {
  const family = families.get(name) ?? families.get(name.replace(/_(count|sum|bucket)$/, ''))
  assert.ok(family, `${name} is exported`)
  return family.samples
    .filter(s => s.name === name && Object.entries(labels).every(([key, value]) => s.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)
}
