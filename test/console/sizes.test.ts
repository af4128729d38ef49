import { expect, it } from 'vitest';
import { BUDGET_BYTES, measureSizes } from '../../console/scripts/measure-sizes.ts';

it('has all screens of customers within the budget after gzip: `npm run sizes -w console` lists the files', async () => {
  const sizes = await measureSizes();

  expect(sizes.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^assets\/index-.*\.js$/));
  expect(sizes.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0)).toBeLessThan(BUDGET_BYTES);
});
