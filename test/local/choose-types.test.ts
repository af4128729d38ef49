import { describe, expect, it } from 'vitest';
import catalogue from '../../event-types.json' with { type: 'json' };
import { chooseTypes } from '../../local/demo/choose-types.ts';

const names = (catalogueNames: readonly string[]): string[] =>
  Object.values(chooseTypes(catalogueNames.map((name) => ({ name, example: {} })))).map(({ name }) => name);

describe('the types of the demonstration', () => {
  it("are the preferred ones of the project's own catalogue", () => {
    expect(names(catalogue.map(({ name }) => name))).toEqual([
      'ppt.generation.completed',
      'file.uploaded',
      'user.registered',
    ]);
  });

  it.each([
    [
      ['a.a', 'b.b', 'c.c'],
      ['a.a', 'b.b', 'a.a'],
    ],
    [['a.a'], ['a.a', 'a.a', 'a.a']],
    [
      ['a.a', 'file.uploaded'],
      ['a.a', 'file.uploaded', 'a.a'],
    ],
  ])('are the first two of another catalogue: of %j, %j', (types, chosen) => {
    expect(names(types)).toEqual(chosen);
  });
});
