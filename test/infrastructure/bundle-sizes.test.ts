import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measureBundles, partOf } from '../../checks/bundle-sizes/measure.ts';
import { FUNCTIONS } from '../../lib/shared/built-functions.ts';

const bundles = await measureBundles();
const withSdk = bundles.filter(({ step }) => step !== 'serve-console');

it.each(bundles)('the bundle of $step is within its budget', ({ bytes, budgetBytes }) => {
  // `npm run bundle-sizes` lists what it contains. The budgets are in checks/bundle-sizes/budgets.ts.
  expect(bytes).toBeLessThanOrEqual(budgetBytes);
});

it.each(bundles)(
  'the budget of $step is at most 20 kB above its size, so that growth is noticed',
  (bundle) => {
    expect(bundle.budgetBytes - bundle.bytes).toBeLessThanOrEqual(20_000);
  },
);

it.each(withSdk)(
  'the bundle of $step contains none of the defaults that its clients replace',
  ({ parts, files, imports }) => {
    const names = parts.map(([name]) => name);

    expect(names).toContain('@aws-sdk/client-dynamodb');
    expect(names.filter((name) => /credential-provider|node-http-handler|signature-v4/.test(name))).toEqual(
      [],
    );
    expect(files.filter((file) => /core\/.*\/(checksum\/|event-streams\/|parseIni\.)/.test(file))).toEqual(
      [],
    );
    expect(imports).not.toContain('fs/promises');
  },
);

it.each(withSdk)(
  'the bundle of $step does not import `http`, which loads a second HTTP client',
  ({ imports }) => {
    // An import reads all exports of a module of Node, and the export WebSocket of `http` loads a copy of undici: 25 ms.
    expect(imports).toContain('https');
    expect(imports).not.toContain('http');
  },
);

it('the bundle of serve-api contains nothing that only the OpenAPI document needs', () => {
  const { files = [] } = bundles.find(({ step }) => step === 'serve-api') ?? {};

  expect(files).toContain('lambdas/serve-api/calls/get-open-api.ts');
  expect(
    files.filter((file) =>
      /serve-api\/open-api\/|zod\/v4\/classic\/|json-schema|zod\/.*\/locales\//.test(file),
    ),
  ).toEqual([]);
});

it('the bundle of send-delivery has undici without HTTP/2 and without the classes of fetch', () => {
  const { files = [] } = bundles.find(({ step }) => step === 'send-delivery') ?? {};
  const ofUndici = files.filter((file) => file.includes('/undici/lib/'));

  expect(ofUndici).toContain('node_modules/undici/lib/dispatcher/client-h1.js');
  // Modules that throw are in place of four; these import others, which are gone with them.
  expect(ofUndici.filter((file) => /\/web\//.test(file)).toSorted()).toEqual([
    'node_modules/undici/lib/web/fetch/body.js',
    'node_modules/undici/lib/web/fetch/formdata.js',
    'node_modules/undici/lib/web/webidl/index.js',
  ]);
  const code = readFileSync(join(FUNCTIONS, 'send-delivery', 'index.mjs'), 'utf8');
  expect(code).not.toContain('node:http2');
  expect(code).toContain('client-h2.js of undici is not in the bundle');
});

it('the bundle of serve-api imports no module of Node that few requests need', () => {
  const { imports = [] } = bundles.find(({ step }) => step === 'serve-api') ?? {};

  // 7 and 4 ms of a cold start.
  expect(imports.filter((name) => name === 'util' || name === 'zlib')).toEqual([]);
});

it('the bundle of serve-console contains no package, and nothing of the other functions but what reads variables and headers, and its own paths', () => {
  const { parts = [] } = bundles.find(({ step }) => step === 'serve-console') ?? {};

  expect(parts.map(([name]) => name).toSorted()).toEqual([
    'lambdas/serve-console',
    'lambdas/shared/domain',
    'lambdas/shared/runtime',
  ]);
});

it('names the innermost package of a file, and the folder of a file of this project', () => {
  expect(partOf('node_modules/@aws-sdk/core/node_modules/@smithy/core/dist-es/index.js')).toBe(
    '@smithy/core',
  );
  expect(partOf('node_modules/undici/lib/core/util.js')).toBe('undici');
  expect(partOf('lambdas/shared/store/keys.ts')).toBe('lambdas/shared/store');
  expect(partOf('lambdas/send-delivery/batch.ts')).toBe('lambdas/send-delivery');
  expect(partOf('event-types.json')).toBe('event-types.json');
});
