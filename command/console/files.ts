import {
  COMPRESSED_SUFFIX,
  compress,
  decompress,
  type StaticFile,
  type StaticFiles,
  staticFile,
} from '../../lambdas/serve-console/static-files.ts';
import { OPERATOR_FILES, readBuiltFunction } from '../../lib/shared/built-functions.ts';

const PAGE = 'index.html';
/**
 * The files that serve-console serves, and those of the operators' screens, which the page loads by its mark. The mark names the
 * address that customers' programs use: this server's is not it.
 */
export function readConsoleFiles(apiUrl: string): StaticFiles {
  const mark = `<meta name="operators-console" content="${new URL(apiUrl).origin}" />`;
  const ofCustomers = [...readBuiltFunction('serve-console').files]
    .filter(([name]) => name.startsWith('console/'))
    .map(([name, data]) => [name.slice('console/'.length), data] as const);
  const ofOperators = [...readBuiltFunction(OPERATOR_FILES).files];
  const files = new Map<string, StaticFile>();
  for (const [name, data] of [...ofCustomers, ...ofOperators]) {
    if (!name.endsWith(COMPRESSED_SUFFIX)) continue;
    const served = name.slice(0, -COMPRESSED_SUFFIX.length);
    files.set(served, staticFile(served, served === PAGE ? markedPage(data, mark) : Buffer.from(data)));
  }
  return files;
}

function markedPage(compressed: Uint8Array, mark: string): Buffer {
  const html = decompress(compressed).toString('utf8');
  if (!html.includes('</head>'))
    throw new Error(`the console's ${PAGE} has no head; build the functions again`);
  return compress(html.replace('</head>', `${mark}</head>`));
}
