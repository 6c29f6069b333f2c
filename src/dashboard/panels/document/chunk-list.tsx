import { Group, Text } from '@mantine/core'
import type { Chunk } from '../../../contract/chunk.ts'
import { Empty } from '../../shared/card.tsx'
import { plural } from '../../shared/words.ts'
import styles from './document.module.css'

interface ChunkListProps {
  chunks: readonly Pick<Chunk, 'ordinal' | 'tokenCount' | 'headingPath' | 'text'>[]
  chosen: number | null
  onChoose: (ordinal: number | null) => void
}

/** The chunks that were cut from a page; one that is chosen is marked in the text. */
export function ChunkList({ chunks, chosen, onChoose }: ChunkListProps) {
  return (
    <section className={styles.chunks} aria-label="Chunks of this page">
      {chunks.length === 0 && (
        <Empty title="No chunk on this page">It is empty, or its text is in a chunk of another page.</Empty>
      )}
      {chunks.map(chunk => (
        <button
          key={chunk.ordinal}
          type="button"
          className={styles.chunkButton}
          aria-pressed={chunk.ordinal === chosen}
          onClick={() => onChoose(chunk.ordinal === chosen ? null : chunk.ordinal)}
        >
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={620}>
              Chunk {chunk.ordinal}
            </Text>
            <Text size="xs" c="dimmed">
              {plural(chunk.tokenCount, 'token')}
            </Text>
          </Group>
          <Text size="xs" c="dimmed">
            {chunk.headingPath.join(' › ') || 'no heading'}
          </Text>
          <Text size="sm" lineClamp={2} mt={4}>
            {chunk.text}
          </Text>
        </button>
      ))}
    </section>
  )
}
