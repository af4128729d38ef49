import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** The API of `npm start`, unless WEBHOOK_FANOUT_API names another one. */
const API = process.env.WEBHOOK_FANOUT_API ?? 'http://127.0.0.1:3000';

const BASE = '/console/';

/**
 * Three files of code, in place of one for each screen and each part: gzip finds more to repeat in a large file, and no file
 * waits for another one. A person who looks at webhooks does not load the tools of developers.
 */
const CODE_GROUPS = [
  { name: 'shared', priority: 2, test: /node_modules|\/src\/(api|frame|kit|session|shell)\// },
  { name: 'webhooks', priority: 1, test: /\/screens\/(webhooks?|deliver\w+|event|recover)\// },
  { name: 'developers', test: /\/screens\/(new-webhook|event-types|signature|developers)\// },
];

/** The deployed function does not serve `operator-assets/`: only the operators' command does. */
function chunkName({ facadeModuleId }: { facadeModuleId: string | null }): string {
  const isOfOperators = facadeModuleId?.includes('/src/operator/') ?? false;
  return `${isOfOperators ? 'operator-assets' : 'assets'}/[name]-[hash].js`;
}

/** The page names the shared code, so that the browser loads it at once and not after the code of the entry. */
const preloadShared: Plugin = {
  name: 'preload-shared',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { chunk }) =>
      (chunk?.imports ?? []).map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: BASE + file },
        injectTo: 'head',
      })),
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: BASE,
  plugins: [preloadShared],
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/v1': API } },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    // One stylesheet, and no code that loads files before others: it would be larger than what it saves.
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { chunkFileNames: chunkName, codeSplitting: { groups: CODE_GROUPS } } },
  },
});
