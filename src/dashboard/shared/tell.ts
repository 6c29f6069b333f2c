import { notifications } from '@mantine/notifications'
import { ApiFailure } from './api.http.ts'

export function tellDone(message: string): void {
  notifications.show({ message, color: 'teal' })
}

export function tellFailure(error: unknown): void {
  const { message } = error instanceof Error ? error : new Error(String(error))
  notifications.show({
    title: message,
    message: error instanceof ApiFailure ? error.action : '',
    color: 'red',
    autoClose: 8_000,
  })
}
