import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { type FileType, fileTypeNames } from '../../../contract/file-type.ts'
import { type JobState, jobStates } from '../../../contract/job.ts'
import { capitalized } from '../../shared/words.ts'

/** What is filtered by. It stands in the URL, so that a view can be shared. */
export interface Filters {
  state?: JobState
  fileType?: FileType
  name?: string
  tag?: string
}
const names = ['state', 'fileType', 'name', 'tag'] as const

export function useFilters(): [Filters, (changed: Partial<Record<keyof Filters, string>>) => void] {
  const [params, setParams] = useSearchParams()
  const filters = Object.fromEntries(names.flatMap(name => (params.get(name) ? [[name, params.get(name)]] : [])))
  const change = (changed: Partial<Record<keyof Filters, string>>) =>
    setParams(
      present => {
        for (const [name, value] of Object.entries(changed)) {
          if (value) present.set(name, value)
          else present.delete(name)
        }
        return present
      },
      { replace: true },
    )
  return [filters, change]
}

interface FilterBarProps {
  filters: Filters
  onChange: (changed: Partial<Record<keyof Filters, string>>) => void
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const [texts, setTexts] = useState({ name: filters.name ?? '', tag: filters.tag ?? '' })
  const changeTexts = useDebouncedCallback(onChange, 250)
  const write = (written: typeof texts) => {
    setTexts(written)
    changeTexts(written)
  }
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label="Name contains"
        value={texts.name}
        onChange={event => write({ ...texts, name: event.currentTarget.value })}
        w={{ base: '100%', xs: 220 }}
      />
      <TextInput
        label="Tag"
        value={texts.tag}
        onChange={event => write({ ...texts, tag: event.currentTarget.value })}
        w={{ base: '100%', xs: 140 }}
      />
      <NativeSelect
        label="State"
        value={filters.state ?? ''}
        onChange={event => onChange({ state: event.currentTarget.value })}
        data={[{ value: '', label: 'Any' }, ...jobStates.map(value => ({ value, label: capitalized(value) }))]}
      />
      <NativeSelect
        label="Type"
        value={filters.fileType ?? ''}
        onChange={event => onChange({ fileType: event.currentTarget.value })}
        data={[{ value: '', label: 'Any' }, ...fileTypeNames.map(value => ({ value, label: value.toUpperCase() }))]}
      />
      {Object.keys(filters).length > 0 && (
        <Button
          variant="subtle"
          onClick={() => {
            changeTexts.cancel()
            setTexts({ name: '', tag: '' })
            onChange({ state: '', fileType: '', name: '', tag: '' })
          }}
        >
          Clear
        </Button>
      )}
    </Group>
  )
}
