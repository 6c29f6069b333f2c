import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Between, isRangeName, spanOf, timeRanges, useTimeRange, whyUnusable } from './time-range.ts'

const custom = 'custom'

/** Chooses the time range, which all pages share: one until now, or one between two moments. */
export function TimeRangeSelect() {
  const [range, choose] = useTimeRange()
  const isCustom = typeof range !== 'string'
  return (
    <Group gap="xs" align="flex-start">
      <NativeSelect
        aria-label="Time range"
        value={isCustom ? custom : range}
        onChange={event => {
          const { value } = event.currentTarget
          choose(isRangeName(value) ? value : spanOf(range))
        }}
        data={[
          ...Object.entries(timeRanges).map(([value, { label }]) => ({ value, label })),
          { value: custom, label: 'From … to …' },
        ]}
        w={160}
      />
      {isCustom && <Moments key={`${range.from} ${range.to}`} range={range} onChoose={choose} />}
    </Group>
  )
}

function Moments({ range, onChoose }: { range: Between; onChoose: (range: Between) => void }) {
  const [from, setFrom] = useState(toField(range.from))
  const [to, setTo] = useState(toField(range.to))
  const why = whyUnusable({ from, to })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (why === null) onChoose({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs">
        <TextInput
          type="datetime-local"
          aria-label="From"
          value={from}
          onChange={event => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          aria-label="To"
          value={to}
          onChange={event => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={why !== null}>
          Show
        </Button>
      </Group>
      {why !== null && (
        <Text size="xs" c="red" mt={4} role="alert">
          {why}
        </Text>
      )}
    </form>
  )
}

/** A moment as the field takes it: the local time, to the minute. */
function toField(iso: string): string {
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
