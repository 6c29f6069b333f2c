import { NativeSelect } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import styles from './page.module.css'
import { type TimeRange, timeRanges, useTimeRange } from './time-range.ts'

interface PageProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Page({ title, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          {about !== undefined && <p className={styles.about}>{about}</p>}
        </div>
        {actions}
      </div>
      {children}
    </>
  )
}

/** Chooses the time range, which all pages share. */
export function TimeRangeSelect() {
  const [range, choose] = useTimeRange()
  return (
    <NativeSelect
      aria-label="Time range"
      value={range}
      onChange={event => choose(event.currentTarget.value as TimeRange)}
      data={Object.entries(timeRanges).map(([value, { label }]) => ({ value, label }))}
      w={160}
    />
  )
}
