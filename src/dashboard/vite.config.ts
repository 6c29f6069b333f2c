import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  // The server puts a fresh one in its place, and allows styles with it alone.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: fileURLToPath(new URL('../../dist/dashboard', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // light-dark() stays as it is: what replaces it for older browsers does not see which theme is chosen.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Of contract/ only functions and lists are used here: schemas that nobody reads do not bring zod along.
      treeshake: { manualPureFunctions: ['z'] },
      // What pages share is one file, and not thirty of half a kilobyte that a browser asks for six at a time. Charts are large, and come later.
      output: {
        codeSplitting: { groups: [{ name: 'shared', test: /src\/(dashboard\/shared\/(?!charts\/)|contract\/)/ }] },
      },
    },
  },
  server: { proxy: { '/v1': process.env.SLUICE_URL ?? 'http://127.0.0.1:8480' } },
})
