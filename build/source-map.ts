import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';

/**
 * Reduces a source map to the lines of the sources whose path begins with `prefix`. Positions of other sources become
 * unmapped. Keeps no columns, names or source text: a stack frame needs none of them, and the map is a third of the size.
 * https://tc39.es/ecma426/
 */
export function reduceSourceMap(json: string, prefix: string): string {
  const { sources, mappings } = JSON.parse(json) as { sources: readonly string[]; mappings: string };
  const kept = sources.filter((source) => source.startsWith(prefix));
  const newIndexes = sources.map((source) => kept.indexOf(source));
  const lines = decode(mappings).map((segments) => {
    const reduced: SourceMapSegment[] = [];
    let before: SourceMapSegment | undefined;
    for (const [generatedColumn, source = -1, line = 0] of segments) {
      const index = newIndexes[source] ?? -1;
      const segment: SourceMapSegment = index < 0 ? [generatedColumn] : [generatedColumn, index, line, 0];
      // Without a first unmapped segment, a position would belong to the mapped segment before it.
      const isNeeded = before === undefined ? index >= 0 : !isSameLine(before, segment);
      if (!isNeeded) continue;
      before = segment;
      reduced.push(segment);
    }
    return reduced;
  });
  // An empty last line: Node misreads an unmapped segment at the end of the text.
  return JSON.stringify({ version: 3, sources: kept, names: [], mappings: encode([...lines, []]) });
}

function isSameLine([, ...before]: SourceMapSegment, [, ...after]: SourceMapSegment): boolean {
  return before[0] === after[0] && before[1] === after[1];
}
