import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The API of `npm start`, unless WEBHOOK_FANOUT_API names another one. */
const API = process.env.WEBHOOK_FANOUT_API ?? 'http://127.0.0.1:3000';

/**
 * `assets/new-webhook-….js` for `src/screens/new-webhook/screen.tsx`. The deployed function does not serve
 * `operator-assets/`: only the operators' command does.
 */
function chunkName({ facadeModuleId }: { facadeModuleId: string | null }): string {
  if (facadeModuleId?.includes('/src/operator/')) return 'operator-assets/[name]-[hash].js';
  const screen = /\/screens\/([^/]+)\/screen\.tsx$/.exec(facadeModuleId ?? '')?.[1];
  return `assets/${screen ?? '[name]'}-[hash].js`;
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/v1': API } },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { chunkFileNames: chunkName } },
  },
});
