import { Code, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Card } from '../../shared/card.tsx'
import { Moment } from '../../shared/moment.tsx'
import { bytes, count } from '../../shared/words.ts'
import styles from './document.module.css'
import type { DocumentDetail } from './document-detail.ts'

/** What the document is, and what made that of it which is searched. */
export function FactsCard({ document }: { document: DocumentDetail }) {
  const { fileType, byteCount, sha256, tags, createdAt, live, metadata } = document
  const facts: [string, ReactNode][] = [
    ['Type', `${fileType.toUpperCase()}, ${bytes(byteCount)}`],
    ['Uploaded', <Moment key="at" at={createdAt} />],
    ['Hash', <Code key="hash" title={sha256}>{`sha256 ${sha256.slice(0, 12)}…`}</Code>],
    ['Tags', tags.length === 0 ? 'none' : tags.join(', ')],
    ['Metadata', Object.keys(metadata).length === 0 ? 'none' : <Code key="meta">{JSON.stringify(metadata)}</Code>],
  ]
  if (live !== null) {
    const { parse, embed } = live.provenance
    facts.push(
      ['Pages, chunks', `${count(live.pageCount)}, ${count(live.chunkCount)}`],
      ['Published', <Moment key="published" at={live.publishedAt} />],
      ['Parsed by', `${parse.provider} ${parse.model}, mode ${parse.mode}${parse.simulated ? ' (simulated)' : ''}`],
      [
        'Embedded by',
        `${embed.provider} ${embed.model}, ${embed.dimensions} dimensions${embed.simulated ? ' (simulated)' : ''}`,
      ],
    )
  }
  return (
    <Card title="Facts">
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {live?.notes.map(note => (
        <Text key={note} size="sm" mt="sm">
          Note: {note}
        </Text>
      ))}
    </Card>
  )
}
