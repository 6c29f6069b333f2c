import { Alert, Button, Code, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { keepKey } from '../shared/session.ts'
import iconUrl from './icon.svg'

/** Asks for an API key, and tries it before it is kept. */
export function SignIn() {
  const [key, setKey] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setFailure(null)
    const response = await fetch('/v1/caller', { headers: { authorization: `Bearer ${key.trim()}` } }).catch(() => null)
    if (response?.ok) {
      keepKey(key.trim())
      window.location.reload()
    } else setFailure(response === null ? 'The server does not answer.' : 'This key is unknown or revoked.')
  }
  return (
    <main style={{ maxWidth: 380, margin: '14vh auto 0', padding: 20 }}>
      <form onSubmit={submit}>
        <Stack>
          <img src={iconUrl} width={44} height={44} alt="" />
          <Title order={1} size="h2">
            Sign in to Sluice
          </Title>
          <Text size="sm" c="dimmed">
            With an API key. On the embedded database <Code>npm start</Code> prints a link that brings the local one
            along; it stands in <Code>.sluice/local-key</Code>.
          </Text>
          <PasswordInput
            label="API key"
            value={key}
            onChange={event => setKey(event.currentTarget.value)}
            autoFocus
            required
            autoComplete="off"
          />
          {failure !== null && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <Button type="submit" disabled={key.trim() === ''}>
            Sign in
          </Button>
        </Stack>
      </form>
    </main>
  )
}
