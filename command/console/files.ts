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
 * The files that serve-console serves, and those of the operators' screens. A meta element makes the page load the
 * operators' screens. It contains the API's address for customers' programs, which is not this server's address.
 */
export function readConsoleFiles(apiUrl: string): StaticFiles {
  const metaElement = `<meta name="operators-console" content="${new URL(apiUrl).origin}" />`;
  const ofCustomers = [...readBuiltFunction('serve-console').files]
    .filter(([name]) => name.startsWith('console/'))
    .map(([name, data]) => [name.slice('console/'.length), data] as const);
  const ofOperators = [...readBuiltFunction(OPERATOR_FILES).files];
  const files = new Map<string, StaticFile>();
  for (const [name, data] of [...ofCustomers, ...ofOperators]) {
    if (!name.endsWith(COMPRESSED_SUFFIX)) continue;
    const served = name.slice(0, -COMPRESSED_SUFFIX.length);
    files.set(
      served,
      staticFile(served, served === PAGE ? withMetaElement(data, metaElement) : Buffer.from(data)),
    );
  }
  return files;
}

function withMetaElement(compressed: Uint8Array, metaElement: string): Buffer {
  const html = decompress(compressed).toString('utf8');
  if (!html.includes('</head>'))
    throw new Error(`the console's ${PAGE} has no head; build the functions again`);
  return compress(html.replace('</head>', `${metaElement}</head>`));
}
