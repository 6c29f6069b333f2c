#!/usr/bin/env node
/** The `sluice` command: hands over to the Node that the package brings, with the sources of a checkout or the built files. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
// Node runs TypeScript everywhere but below node_modules, where an installed package has its built files.
const built = join(root, 'dist', 'main.js')
const main = existsSync(built) ? built : join(root, 'src', 'main.ts')

const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
