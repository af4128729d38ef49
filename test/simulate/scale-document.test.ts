import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scaleTables } from '../../simulate/format-scale.ts';
import { replaceTables } from '../../simulate/replace-tables.ts';

const document = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');

describe('docs/scale.md', () => {
  it('has a place for every table', () => {
    expect(() => replaceTables(document, scaleTables([], 'markdown'))).not.toThrow();
  });

  it('says what one account may publish, by the size that webhooks have now', () => {
    const accounts = scaleTables([], 'markdown').get('accounts') ?? '';

    expect(replaceTables(document, new Map([['accounts', accounts]]))).toBe(document);
  });
});
