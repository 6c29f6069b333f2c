import { Button, Group } from '@mantine/core'
import { Link, useSearchParams } from 'wouter'
import { Card, Empty } from '../../shared/card.tsx'
import { carryOver, paths } from '../../shared/paths.ts'

/** For a server that has nothing yet. */
export function FirstSteps() {
  const [params] = useSearchParams()
  return (
    <Card>
      <Empty title="Nothing here yet">
        Bring a file in, and watch it become searchable. Without keys of providers everything runs on this machine:
        services are simulated, and nothing is paid.
        <Group justify="center" mt="md">
          <Button component={Link} href={carryOver(paths.documents, params)}>
            Upload a document
          </Button>
        </Group>
      </Empty>
    </Card>
  )
}
