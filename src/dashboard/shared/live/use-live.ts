import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { StreamedEvent } from '../../../contract/event.ts'
import { followEvents, type LiveState } from './follow-events.http.ts'
import { createRefresher } from './refresh.ts'

/** Keeps everything that is shown current, by the server's events. `tenant`: `*` with an admin key, null for the key's own. */
export function useLive(tenant: string | null): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const abort = new AbortController()
    const refresher = createRefresher(client)
    let stands = false
    void followEvents({
      tenant,
      signal: abort.signal,
      onState: setState,
      onFrame({ name, data }) {
        if (name === 'reset') refresher.takeReset()
        else if (name !== 'position') refresher.take(JSON.parse(data) as StreamedEvent)
        // What was loaded before the stream stood somewhere may have missed something.
        else if (!stands) refresher.takeReset()
        stands = true
      },
    })
    return () => abort.abort()
  }, [client, tenant])
  return state
}
