import { Group, Spoiler, Text } from '@mantine/core'
import type { paths as ApiPaths } from '../../shared/api-types.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Card } from '../../shared/card.tsx'
import { ResultMarks } from '../../shared/marks.tsx'
import { paths } from '../../shared/paths.ts'
import styles from './search.module.css'

type SearchHit = ApiPaths['/v1/search']['post']['responses'][200]['content']['application/json']['hits'][number]

/** One passage: where it stands, what of it fits, how it scored, and what made it. */
export function HitCard({ hit, place }: { hit: SearchHit; place: number }) {
  const { documentId, fileName, pageNumber, headingPath, provenance, score } = hit
  const { parse, embed } = provenance
  return (
    <Card>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div>
          <Text fw={620}>
            {place}. <AppLink to={`${paths.document(documentId)}?page=${pageNumber}`}>{fileName}</AppLink>
            <Text span c="dimmed">
              , page {pageNumber}
            </Text>
          </Text>
          {headingPath.length > 0 && (
            <Text size="sm" c="dimmed">
              {headingPath.join(' › ')}
            </Text>
          )}
        </div>
        <Group gap={6}>
          <ResultMarks provenance={provenance} />
        </Group>
      </Group>
      <Spoiler maxHeight={188} showLabel="Show all of it" hideLabel="Show less" mt="xs" mb={34}>
        <p className={styles.passage}>{highlighted(hit)}</p>
      </Spoiler>
      <div className={styles.foot}>
        <Score hit={hit} />
        <Text size="xs" c="dimmed">
          score {score.toFixed(4)} · parsed by {parse.provider} {parse.model} · embedded by {embed.provider}{' '}
          {embed.model}
        </Text>
      </div>
    </Card>
  )
}

function Score({ hit: { scoreParts } }: { hit: SearchHit }) {
  const { vector, fullText } = scoreParts
  const best = 1 / 60
  const parts = [
    [
      'Meaning',
      vector?.score ?? 0,
      vector ? `rank ${vector.rank}, similarity ${vector.cosineSimilarity.toFixed(3)}` : 'not among the nearest',
      styles.meaning,
    ],
    ['Words', fullText?.score ?? 0, fullText ? `rank ${fullText.rank}` : 'no match', styles.words],
  ] as const
  return (
    <dl className={styles.score}>
      {parts.map(([name, score, about, colour]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className={styles.bar} aria-hidden="true">
              <span className={colour} style={{ width: `${Math.min(100, (score / best) * 100)}%` }} />
            </span>
            {about}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function highlighted({ text, highlights }: SearchHit) {
  const pieces = []
  let at = 0
  for (const { start, end } of highlights) {
    if (start > at) pieces.push(text.slice(at, start))
    pieces.push(<mark key={start}>{text.slice(start, end)}</mark>)
    at = end
  }
  pieces.push(text.slice(at))
  return pieces
}
