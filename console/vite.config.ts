import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** The API of `npm start`, unless WEBHOOK_FANOUT_API names another one. */
const API = process.env.WEBHOOK_FANOUT_API ?? 'http://127.0.0.1:3000';

/** The deployed function does not serve `operator-assets/`: only the operators' command does. */
function chunkName({ facadeModuleId }: { facadeModuleId: string | null }): string {
  const isOfOperators = facadeModuleId?.includes('/src/operator/') ?? false;
  return `${isOfOperators ? 'operator-assets' : 'assets'}/[name]-[hash].js`;
}

/**
 * The first formatter of a page loads the browser's locale data, which takes a tenth of a second on a slow phone. This script
 * does so while the bundle downloads. It is a file of its own: as a part of the bundle it would run after the download. The bundle
 * does not wait for it.
 */
function warmUp(): Plugin {
  return {
    name: 'warm-up',
    apply: 'build',
    buildStart() {
      const source = readFileSync(new URL('src/warm-up.js', import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', name: 'warm-up.js', source });
    },
    transformIndexHtml: (_html, { bundle = {} }) => {
      const built = Object.values(bundle).find(
        (file) => file.type === 'asset' && file.names.includes('warm-up.js'),
      );
      if (built === undefined) throw new Error('the build has no warm-up.js');
      return [{ tag: 'script', attrs: { type: 'module', async: true, src: `/console/${built.fileName}` } }];
    },
  };
}

/**
 * The screens of customers are one file of code: gzip finds more repetitions in it than in one for each screen (8 kB less), and no
 * screen waits for another file.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  publicDir: false,
  plugins: [warmUp()],
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
