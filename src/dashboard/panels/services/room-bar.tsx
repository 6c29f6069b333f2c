import { Progress } from '@mantine/core'

/** How much of a limit is used. */
export function RoomBar({ used, limit, about }: { used: number; limit: number; about: string }) {
  const percent = limit <= 0 ? 100 : Math.min(100, (100 * used) / limit)
  return <Progress value={percent} size="sm" color={percent >= 95 ? 'red.7' : 'water'} aria-label={about} mt={3} />
}
