import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { writeApiTypes } from '../../console/scripts/api-types.ts';

it('has types of the API that are those of the OpenAPI document: `npm run types -w console` writes them', async () => {
  const file = new URL('../../console/src/api/schema.d.ts', import.meta.url);

  expect(await readFile(file, 'utf8')).toBe(await writeApiTypes());
});
