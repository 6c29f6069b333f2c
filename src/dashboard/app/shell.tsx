import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Group,
  Skeleton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { Link, Route, Switch, useLocation, useSearchParams } from 'wouter'
import { Empty } from '../shared/card.tsx'
import { Icon } from '../shared/icons.tsx'
import type { LiveState } from '../shared/live/follow-events.http.ts'
import { useLive } from '../shared/live/use-live.ts'
import { Mark, type Tone } from '../shared/marks.tsx'
import { carryOver, paths } from '../shared/paths.ts'
import { forgetKey } from '../shared/session.ts'
import { chosenTenant } from '../shared/tenant.ts'
import { useCaller } from '../shared/use-caller.ts'
import iconUrl from './icon.svg'
import { PageBoundary } from './page-boundary.tsx'
import { panels } from './panels.ts'
import styles from './shell.module.css'
import { TenantSelect } from './tenant-select.tsx'

/** The frame around all pages: where one can go, whether what is shown is current, and who is signed in. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure()
  const { isAdmin } = useCaller()
  const live = useLive(isAdmin ? (chosenTenant ?? '*') : null)
  const [location] = useLocation()
  const [params] = useSearchParams()
  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header>
        <a className={styles.skip} href="#main">
          Skip to the page
        </a>
        <div className={styles.header}>
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Pages" />
            <Link href={carryOver(paths.overview, params)} className={styles.brand}>
              <img src={iconUrl} width={26} height={26} alt="" />
              Sluice
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Liveness state={live} />
            <Box visibleFrom="sm">
              <TenantSelect />
            </Box>
            <Tools />
          </Group>
        </div>
      </AppShell.Header>
      <AppShell.Navbar className={styles.nav}>
        <Box hiddenFrom="sm" mb="sm">
          <TenantSelect />
        </Box>
        <Pages isAdmin={isAdmin} onChosen={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <div className={styles.main}>
          <PageBoundary key={location}>
            <Suspense fallback={<Skeleton height={420} radius="md" />}>
              <Switch>
                {panels.map(({ path, Page }) => (
                  <Route key={path} path={path} component={Page} />
                ))}
                <Route>
                  <Empty title="There is no such page">The list of pages is on the left.</Empty>
                </Route>
              </Switch>
            </Suspense>
          </PageBoundary>
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

function Pages({ isAdmin, onChosen }: { isAdmin: boolean; onChosen: () => void }) {
  const [location] = useLocation()
  const [params] = useSearchParams()
  const isCurrent = (path: string) => (path === '/' ? location === '/' : location.startsWith(path))
  return (
    <nav aria-label="Pages">
      {panels.map(({ path, title, icon, adminOnly }) =>
        icon === null || (adminOnly && !isAdmin) ? null : (
          <Link
            key={path}
            href={carryOver(path, params)}
            className={styles.item ?? ''}
            onClick={onChosen}
            {...(isCurrent(path) && { 'aria-current': 'page' as const })}
          >
            <Icon name={icon} />
            {title}
          </Link>
        ),
      )}
      <a className={styles.item} href={paths.apiReference}>
        <Icon name="book" />
        API reference
      </a>
    </nav>
  )
}

const liveness: Record<LiveState, [tone: Tone, word: string, about: string]> = {
  live: ['good', 'Live', 'What happens on the server is shown as it happens.'],
  connecting: ['calm', 'Connecting', 'The stream of events is being opened.'],
  broken: ['bad', 'Not live', 'The stream of events broke off; it is tried again. What is shown may be old.'],
}

function Liveness({ state }: { state: LiveState }) {
  const [tone, word, about] = liveness[state]
  return (
    <span role="status">
      <Mark tone={tone} about={about}>
        {word}
      </Mark>
    </span>
  )
}

function Tools() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  const leave = () => {
    forgetKey()
    window.location.assign(paths.overview)
  }
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Switch to ${other} theme`}
        onClick={() => setColorScheme(other)}
      >
        <Icon name={other === 'dark' ? 'moon' : 'sun'} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label="Sign out" onClick={leave}>
        <Icon name="leave" />
      </ActionIcon>
    </>
  )
}
