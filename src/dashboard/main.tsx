import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { PageBoundary } from './app/page-boundary.tsx'
import { loadPageOf } from './app/panels.ts'
import { Shell } from './app/shell.tsx'
import { SignIn } from './app/sign-in.tsx'
import { cssVariables, theme } from './app/theme.ts'
import { ApiFailure } from './shared/api.http.ts'
import { readKey, takeKeyFromAddress } from './shared/session.ts'
import { callerQuery } from './shared/use-caller.ts'

takeKeyFromAddress()
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
// Where libraries that lock scrolling look for it.
Object.assign(globalThis, { __webpack_nonce__: nonce })

// Events say when something has to be loaded again; nothing is loaded on a timer, or because a window came to the front.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 0,
      // The server may be on this machine, which is reached without any network.
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiFailure && error.status < 500),
    },
    mutations: { networkMode: 'always' },
  },
})

if (readKey() !== null) {
  void queries.prefetchQuery(callerQuery)
  loadPageOf(window.location.pathname, queries)
}

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        {readKey() === null ? (
          <SignIn />
        ) : (
          <PageBoundary>
            <Suspense>
              <Shell />
            </Suspense>
          </PageBoundary>
        )}
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
