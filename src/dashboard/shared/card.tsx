import type { ReactNode } from 'react'
import styles from './card.module.css'

interface CardProps {
  title?: string
  actions?: ReactNode
  /** Without a margin inside: for tables, which then scroll sideways where they are too wide. */
  flush?: boolean
  children: ReactNode
}

export function Card({ title, actions, flush = false, children }: CardProps) {
  return (
    <section className={styles.card} {...(title !== undefined && { 'aria-label': title })}>
      {title !== undefined && (
        <header className={styles.head}>
          <h2 className={styles.title}>{title}</h2>
          {actions}
        </header>
      )}
      <div
        className={flush ? styles.flush : styles.body}
        {...(flush && { tabIndex: 0, role: 'group', 'aria-label': title })}
      >
        {children}
      </div>
    </section>
  )
}

/** One number that is looked at first, what it is, and what it means. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <section className={`${styles.card} ${styles.stat}`} aria-label={label}>
      <div className={styles.label}>{label}</div>
      <div className={styles.value}>{value}</div>
      <div className={styles.note}>{note ?? ' '}</div>
    </section>
  )
}

/** Where there is nothing: says why, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <strong>{title}</strong>
      <div className={styles.note}>{children}</div>
    </div>
  )
}
