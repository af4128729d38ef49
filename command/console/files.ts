import { gunzipSync, gzipSync } from 'node:zlib';
import { type StaticFile, type StaticFiles, staticFile } from '../../lambdas/serve-console/static-files.ts';
import { OPERATOR_FILES, readBuiltFunction } from '../../lib/shared/built-functions.ts';

const PAGE = 'index.html';
const SUFFIX = '.gz';
/** The console loads the operators' screens when the page has it. The deployed function serves neither. */
const MARK = '<meta name="operators-console" />';

/** The files that serve-console serves, and those of the operators' screens. */
export function readConsoleFiles(): StaticFiles {
  const ofCustomers = [...readBuiltFunction('serve-console').files]
    .filter(([name]) => name.startsWith('console/'))
    .map(([name, data]) => [name.slice('console/'.length), data] as const);
  const ofOperators = [...readBuiltFunction(OPERATOR_FILES).files];
  const files = new Map<string, StaticFile>();
  for (const [name, data] of [...ofCustomers, ...ofOperators]) {
    if (!name.endsWith(SUFFIX)) continue;
    const served = name.slice(0, -SUFFIX.length);
    files.set(served, staticFile(served, served === PAGE ? markedPage(data) : Buffer.from(data)));
  }
  return files;
}

function markedPage(compressed: Uint8Array): Buffer {
  const html = gunzipSync(compressed).toString('utf8');
  if (!html.includes('</head>'))
    throw new Error(`the console's ${PAGE} has no head; build the functions again`);
  return gzipSync(html.replace('</head>', `${MARK}</head>`));
}
