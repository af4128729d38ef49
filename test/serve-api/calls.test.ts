import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';

const filesOf = (folder: string) => readdirSync(new URL(folder, import.meta.url));

/** `create-webhook` for `createWebhook`. */
const toFileName = (call: string) => call.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('every call of the API', () => {
  const names = ROUTES.map(({ call }) => toFileName(call));

  it('has its own file', () => {
    const files = new Set(filesOf('../../lambdas/serve-api/calls'));

    expect(files).toEqual(new Set([...names.map((name) => `${name}.ts`), 'index.ts']));
  });

  it('has its own description in the OpenAPI document', () => {
    const files = new Set(filesOf('../../lambdas/serve-api/open-api/calls'));

    expect(files).toEqual(new Set([...names.map((name) => `${name}.ts`), 'index.ts']));
  });

  it('has its own test file', () => {
    expect(new Set(filesOf('./calls'))).toEqual(new Set(names.map((name) => `${name}.test.ts`)));
  });
});
