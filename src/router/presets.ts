import type { Policy, presetNames } from '../contract/routing.ts'

/** The policies that are there without being configured; docs/routing.md is for the user. What a tier read badly goes to the next one. */
export const presets: Record<(typeof presetNames)[number], Policy> = {
  /** Whatever this machine can read, it reads. */
  'local-first': [
    { use: 'local', pages: ['simple', 'tables', 'scanned', 'empty'] },
    { use: 'paid' },
    { use: 'paid', tier: 'agentic', pages: ['faulty'] },
    { use: 'local' },
  ],
  /** What is easy to read is read here, scans and tables by LlamaParse. */
  balanced: [
    { use: 'local', pages: ['simple', 'empty'] },
    { use: 'paid' },
    { use: 'paid', tier: 'agentic', pages: ['faulty'] },
    { use: 'local' },
  ],
  /** LlamaParse's best usual tier for every page. */
  quality: [
    { use: 'paid', tier: 'agentic' },
    { use: 'paid', tier: 'agentic_plus', pages: ['faulty'] },
    { use: 'local' },
  ],
  /** Nothing is paid as long as something readable comes out. */
  cheapest: [
    { use: 'local', pages: ['simple', 'tables', 'scanned', 'garbled', 'empty'] },
    { use: 'paid', tier: 'cost_effective' },
    { use: 'local' },
  ],
  /** Nothing leaves this machine. */
  private: [{ use: 'local' }],
}
