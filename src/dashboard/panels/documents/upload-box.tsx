import '@mantine/dropzone/styles.css'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { AppLink } from '../../shared/app-link.tsx'
import { Icon } from '../../shared/icons.tsx'
import { paths } from '../../shared/paths.ts'
import { tellFailure } from '../../shared/tell.ts'
import { uploadFile } from './upload-file.http.ts'

interface Upload {
  id: number
  name: string
  share: number
  outcome: { documentId: string; created: boolean } | string | null
}
const atATime = 3

/** Takes files by drag and drop or from a dialog, and shows how far each is. */
export function UploadBox() {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const openRef = useRef<(() => void) | null>(null)
  const nextId = useRef(0)
  const client = useQueryClient()
  const change = (id: number, part: Partial<Upload>) =>
    setUploads(present => present.map(upload => (upload.id === id ? { ...upload, ...part } : upload)))

  const send = async (files: File[]) => {
    const waiting = files.map(file => ({
      file,
      upload: { id: nextId.current++, name: file.name, share: 0, outcome: null },
    }))
    setUploads(present => [
      ...waiting.map(({ upload }) => upload),
      ...present.filter(({ outcome }) => outcome === null),
    ])
    const takeNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { file, upload } = next
        try {
          const { created, document } = await uploadFile(file, share => change(upload.id, { share }))
          change(upload.id, { share: 1, outcome: { documentId: document.documentId, created } })
        } catch (error) {
          change(upload.id, { outcome: error instanceof Error ? error.message : String(error) })
          tellFailure(error)
        }
      }
    }
    await Promise.all(Array.from({ length: atATime }, takeNext))
    await client.invalidateQueries({ queryKey: ['documents'] })
  }
  return (
    <Stack gap="xs">
      <Dropzone
        onDrop={send}
        openRef={openRef}
        activateOnClick={false}
        p="lg"
        inputProps={{ 'aria-label': 'Files to upload' }}
        styles={{ inner: { pointerEvents: 'all' } }}
      >
        <Group justify="center" gap="md">
          <Icon name="upload" size={26} />
          <div>
            <Text fw={600}>Drop files here</Text>
            <Text size="sm" c="dimmed">
              PDF, DOCX, PPTX, XLSX, HTML, Markdown, text, CSV
            </Text>
          </div>
          <Button variant="default" onClick={() => openRef.current?.()}>
            Choose files
          </Button>
        </Group>
      </Dropzone>
      {uploads.slice(0, 8).map(upload => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
      {uploads.length > 8 && (
        <Text size="sm" c="dimmed">
          and {uploads.length - 8} more
        </Text>
      )}
    </Stack>
  )
}

function UploadRow({ upload: { name, share, outcome } }: { upload: Upload }) {
  const isRefused = typeof outcome === 'string'
  return (
    <Group gap="md" wrap="nowrap">
      <Text size="sm" truncate flex="0 1 320px">
        {outcome !== null && !isRefused ? <AppLink to={paths.document(outcome.documentId)}>{name}</AppLink> : name}
      </Text>
      <Progress
        aria-label={`Upload of ${name}`}
        value={isRefused ? 100 : share * 100}
        color={isRefused ? 'red' : 'water'}
        flex={1}
      />
      <Text size="sm" c="dimmed" w={170} lineClamp={1}>
        {sayOutcome(outcome, share)}
      </Text>
    </Group>
  )
}

function sayOutcome(outcome: Upload['outcome'], share: number): string {
  if (typeof outcome === 'string') return `refused: ${outcome}`
  if (outcome !== null) return outcome.created ? 'taken' : 'was here already'
  return share === 1 ? 'being checked' : `${Math.floor(share * 100)} %`
}
