/**
 * The allowed arrows between the rooms of src/. ARCHITECTURE.md shows the same list, and a test holds the two equal.
 * Whatever is not listed is forbidden; type-only imports count.
 */
export const rooms = {
  contract: ['contract'],
  platform: ['platform', 'contract'],
  tenants: ['tenants', 'contract', 'platform'],
  intake: ['intake', 'contract', 'platform'],
  jobs: ['jobs', 'contract', 'platform'],
  pipeline: ['pipeline', 'contract', 'platform'],
  chunk: ['chunk', 'contract', 'platform'],
  spaces: ['spaces', 'contract', 'platform'],
  documents: ['documents', 'contract', 'platform'],
  search: ['search', 'contract', 'platform'],
  ledger: ['ledger', 'contract', 'platform'],
  router: ['router', 'contract', 'platform'],
  health: ['health', 'contract', 'platform'],
  compare: ['compare', 'contract', 'platform'],
  cassettes: ['cassettes', 'contract', 'platform'],
  limits: ['limits', 'contract', 'platform'],
  gateway: ['gateway', 'contract', 'platform'],
  events: ['events', 'contract', 'platform'],
  alerts: ['alerts', 'contract', 'platform'],
  metrics: ['metrics', 'contract', 'platform'],
  tracing: ['tracing', 'contract', 'platform'],
  webhooks: ['webhooks', 'contract', 'platform'],
  'providers/local': ['providers/local', 'contract', 'platform'],
  'providers/openai': ['providers/openai', 'contract', 'platform'],
  'providers/llamaparse': ['providers/llamaparse', 'contract', 'platform'],
  cli: ['cli', 'contract'],
  dashboard: ['dashboard', 'contract'],
}

const forbidden = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ...Object.entries(rooms).map(([room, allowed]) => ({
    name: `${room.replace('/', '-')}-sees-only-${allowed.filter(a => a !== room).join('-and-') || 'itself'}`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: allowed.map(a => `^src/${a}/`).join('|') },
  })),
  {
    name: 'a-panel-sees-itself-and-shared',
    comment: 'shared, then panels, then app: so that a panel can be taken away as its folder and its line',
    severity: 'error',
    from: { path: '^src/dashboard/panels/([^/]+)/' },
    to: { path: '^src/dashboard/', pathNot: '^src/dashboard/(shared|panels/$1)/' },
  },
  {
    name: 'shared-sees-no-panel-and-no-app',
    severity: 'error',
    from: { path: '^src/dashboard/shared/' },
    to: { path: '^src/dashboard/', pathNot: '^src/dashboard/shared/' },
  },
  {
    name: 'drivers-and-files-only-where-the-name-says-so',
    comment: 'I/O is visible in the name of a file: *.sql.ts, *.fs.ts, *.http.ts, *.process.ts; platform/ and app/ may',
    severity: 'error',
    from: {
      path: '^src/(?!platform/|app/|main)',
      pathNot: '\\.(sql|fs|http|process|test)\\.ts$|^src/contract/tables\\.ts$',
    },
    to: {
      path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads)$|node_modules/(pg|kysely|pg-boss|undici)/',
    },
  },
]

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
