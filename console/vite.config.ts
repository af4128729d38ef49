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

/** With one stylesheet and nothing to load before, what Vite wraps around each `import()` has nothing to do. */
const noPreloadHelper: Plugin = {
  name: 'no-preload-helper',
  enforce: 'pre',
  load: (id) =>
    id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined,
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: BASE,
  plugins: [preloadShared, noPreloadHelper],
  publicDir: false,
  // Calls of `h` are shorter than those of the automatic runtime.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'jsxH', pragmaFrag: 'JsxFragment' },
    jsxInject: "import { Fragment as JsxFragment, h as jsxH } from 'preact';",
  },
  server: { proxy: { '/v1': API } },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: CODE_GROUPS } } },
  },
});
