import type { QueryClient } from '@tanstack/react-query'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { IconName } from '../shared/icons.tsx'
import { paths } from '../shared/paths.ts'

export interface Panel {
  /** As wouter reads it. */
  path: string
  title: string
  /** Null: it is not in the list of pages, but linked from others. */
  icon: IconName | null
  adminOnly?: boolean
  Page: LazyPage
  /** Asks for what it shows first, before it is drawn. */
  prefetch?: (client: QueryClient) => Promise<void>
}

/** A page that is loaded when it is shown, or before. */
interface LazyPage extends LazyExoticComponent<ComponentType> {
  load(): Promise<ComponentType>
}

/** Every page; a new one is a folder and a line here. */
export const panels: readonly Panel[] = [
  {
    path: paths.overview,
    title: 'Overview',
    icon: 'gauge',
    Page: page(async () => (await import('../panels/overview/overview-page.tsx')).OverviewPage),
    prefetch: async client => (await import('../panels/overview/overview-queries.ts')).prefetchOverview(client),
  },
  {
    path: paths.documents,
    title: 'Documents',
    icon: 'files',
    Page: page(async () => (await import('../panels/documents/documents-page.tsx')).DocumentsPage),
  },
  {
    path: paths.document(':documentId'),
    title: 'Document',
    icon: null,
    Page: page(async () => (await import('../panels/document/document-page.tsx')).DocumentPage),
  },
  {
    path: paths.search,
    title: 'Search',
    icon: 'search',
    Page: page(async () => (await import('../panels/search/search-page.tsx')).SearchPage),
  },
  {
    path: paths.services,
    title: 'Services',
    icon: 'route',
    Page: page(async () => (await import('../panels/services/services-page.tsx')).ServicesPage),
  },
  {
    path: paths.budgets,
    title: 'Budgets',
    icon: 'shield',
    Page: page(async () => (await import('../panels/budgets/budgets-page.tsx')).BudgetsPage),
  },
  {
    path: paths.costs,
    title: 'Costs',
    icon: 'coins',
    Page: page(async () => (await import('../panels/costs/costs-page.tsx')).CostsPage),
  },
  {
    path: paths.errors,
    title: 'Errors',
    icon: 'alert',
    Page: page(async () => (await import('../panels/errors/errors-page.tsx')).ErrorsPage),
  },
  {
    path: paths.alerts,
    title: 'Alerts',
    icon: 'bell',
    Page: page(async () => (await import('../panels/alerts/alerts-page.tsx')).AlertsPage),
  },
  {
    path: paths.system,
    title: 'System',
    icon: 'server',
    adminOnly: true,
    Page: page(async () => (await import('../panels/system/system-page.tsx')).SystemPage),
  },
  {
    path: paths.audit,
    title: 'Audit',
    icon: 'history',
    Page: page(async () => (await import('../panels/audit/audit-page.tsx')).AuditPage),
  },
]

/** Loads the page of an address, and what it shows first, beside all else that is needed, and not after it. */
export function loadPageOf(pathname: string, client: QueryClient): void {
  const segments = pathname.split('/')
  const isMatch = (path: string) => {
    const pattern = path.split('/')
    return (
      pattern.length === segments.length && pattern.every((part, i) => part.startsWith(':') || part === segments[i])
    )
  }
  const panel = panels.find(({ path }) => isMatch(path))
  void panel?.prefetch?.(client)
  void panel?.Page.load()
}

function page(load: () => Promise<ComponentType>): LazyPage {
  let loading: Promise<ComponentType> | undefined
  const once = () => {
    loading ??= load()
    return loading
  }
  return Object.assign(
    lazy(async () => ({ default: await once() })),
    { load: once },
  )
}
