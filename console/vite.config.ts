import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The API of `npm start`, unless WEBHOOK_FANOUT_API names another one. */
const API = process.env.WEBHOOK_FANOUT_API ?? 'http://127.0.0.1:3000';

/** The deployed function does not serve `operator-assets/`: only the operators' command does. */
function chunkName({ facadeModuleId }: { facadeModuleId: string | null }): string {
  const isOfOperators = facadeModuleId?.includes('/src/operator/') ?? false;
  return `${isOfOperators ? 'operator-assets' : 'assets'}/[name]-[hash].js`;
}

/**
 * The screens of customers are one file of code: gzip finds more to repeat in it than in one for each screen (62 kB in place
 * of 75 kB), and no screen waits for another file.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  publicDir: false,
  // Calls of `h` are shorter than those of the automatic runtime.
  oxc: {
    // With `development`, the classic runtime writes its own attributes into the page.
    jsx: { runtime: 'classic', development: false, pragma: 'jsxH', pragmaFrag: 'JsxFragment' },
    jsxInject: "import { Fragment as JsxFragment, h as jsxH } from 'preact';",
  },
  server: { proxy: { '/v1': API } },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    modulePreload: false,
    minify: 'terser',
    // Reading a property has no effect in this code, and functions that are inlined less often compress better.
    terserOptions: { module: true, compress: { passes: 3, pure_getters: true, inline: 1 } },
    reportCompressedSize: false,
    rolldownOptions: { output: { chunkFileNames: chunkName } },
  },
});
