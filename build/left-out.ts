import path from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Parts of undici that the sender's requests cannot reach: no connection offers HTTP/2, and a body is text. undici
 * loads its HTTP/2 client at the start, which takes 7 ms.
 */
const REQUIRED_AT_START = 'dispatcher/client-h2.js';
const REQUIRED_LATER = ['web/fetch/body.js', 'web/fetch/formdata.js', 'web/webidl/index.js'];

/** Leaves these parts out of a bundle. In their place are modules that throw when they are used. */
export const LEFT_OUT: Plugin = {
  name: 'left-out',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]undici[\\/]lib[\\/]/ }, ({ path: file }) => {
      const name = file
        .split(path.sep)
        .join('/')
        .replace(/^.*\/undici\/lib\//, '');
      const error = `throw new Error('${name} of undici is not in the bundle');`;
      if (name === REQUIRED_AT_START) return { contents: `module.exports = () => { ${error} };` };
      return REQUIRED_LATER.includes(name) ? { contents: error } : undefined;
    });
  },
};
