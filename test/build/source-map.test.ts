import { SourceMap } from 'node:module';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { BUNDLE_OPTIONS } from '../../build/functions.ts';
import { reduceSourceMap } from '../../build/source-map.ts';

/** Three sources on one line: `aaa` at column 0 and 20, `bbb` at column 10, and an unmapped end from column 30. */
const MAP = JSON.stringify({
  version: 3,
  sources: ['lambdas/a.ts', 'node_modules/b.js'],
  names: ['aaa', 'bbb'],
  mappings: 'AAAAA,UCEGC,UDDHD,U',
});

describe('a reduced source map', () => {
  const reduced = reduceSourceMap(MAP, 'lambdas/');
  const map = new SourceMap(JSON.parse(reduced));

  it('has the lines of the selected sources', () => {
    expect(JSON.parse(reduced).sources).toEqual(['lambdas/a.ts']);
    expect(map.findOrigin(1, 5)).toMatchObject({ fileName: 'lambdas/a.ts', lineNumber: 1 });
    expect(map.findOrigin(1, 25)).toMatchObject({ fileName: 'lambdas/a.ts', lineNumber: 2 });
  });

  it('has no position for other sources and for unmapped code', () => {
    expect(map.findOrigin(1, 15)).toEqual({});
    expect(map.findOrigin(1, 35)).toEqual({});
  });

  it('has every line of a map whose sources are all selected', () => {
    const code = Array.from(
      { length: 200 },
      (_, n) => `export function f${n}(x) {\n  return x + ${n * 1_000};\n}`,
    );
    const { code: generated, map: original } = transformSync(code.join('\n\n'), {
      minify: BUNDLE_OPTIONS.minify,
      sourcemap: 'external',
      sourcefile: 'lambdas/a.js',
    });
    const [before, after] = [JSON.parse(original), JSON.parse(reduceSourceMap(original, 'lambdas/'))].map(
      (json) => new SourceMap(json),
    );

    const columns = Array.from({ length: generated.length }, (_, column) => column + 1);
    const lineIn = (map: SourceMap | undefined) => (column: number) => {
      const { fileName, lineNumber } = { fileName: '', lineNumber: 0, ...map?.findOrigin(1, column) };
      return `${fileName}:${lineNumber}`;
    };
    expect(columns.map(lineIn(after))).toEqual(columns.map(lineIn(before)));
  });
});
