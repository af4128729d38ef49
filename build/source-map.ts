const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Generated column; index in `sources`, line and column there; index in `names`. All but the first are optional. */
type Segment = readonly number[];

/**
 * Reduces a source map to the sources whose path begins with `prefix`. Positions of other sources become unmapped. Keeps
 * no names and no source text. https://tc39.es/ecma426/
 */
export function reduceSourceMap(json: string, prefix: string): string {
  const { sources, mappings } = JSON.parse(json) as { sources: readonly string[]; mappings: string };
  const kept = sources.filter((source) => source.startsWith(prefix));
  const newIndexes = sources.map((source) => kept.indexOf(source));
  const lines = decode(mappings).map((segments) => {
    let wasMapped = false;
    return segments.flatMap(([generatedColumn = 0, source, line = 0, column = 0]): Segment[] => {
      const index = source === undefined ? -1 : (newIndexes[source] ?? -1);
      const isMapped = index >= 0;
      // Without a first unmapped segment, a position would belong to the mapped segment before it.
      const isNeeded = isMapped || wasMapped;
      wasMapped = isMapped;
      if (!isNeeded) return [];
      return [isMapped ? [generatedColumn, index, line, column] : [generatedColumn]];
    });
  });
  // An empty last line: Node misreads an unmapped segment at the end of the text.
  return JSON.stringify({ version: 3, sources: kept, names: [], mappings: encode([...lines, []]) });
}

/** Segments of each generated line. In the text, each number is the difference to the one before it. */
function decode(mappings: string): Segment[][] {
  const last = [0, 0, 0, 0, 0];
  return mappings.split(';').map((line) => {
    last[0] = 0;
    const segments = line === '' ? [] : line.split(',');
    return segments.map((text) =>
      decodeNumbers(text).map((difference, field) => {
        const value = (last[field] ?? 0) + difference;
        last[field] = value;
        return value;
      }),
    );
  });
}

function encode(lines: readonly (readonly Segment[])[]): string {
  const last = [0, 0, 0, 0];
  return lines
    .map((segments) => {
      last[0] = 0;
      return segments
        .map((segment) =>
          segment
            .map((value, field) => {
              const difference = value - (last[field] ?? 0);
              last[field] = value;
              return encodeNumber(difference);
            })
            .join(''),
        )
        .join(',');
    })
    .join(';');
}

/** Base 64 VLQ: five bits a digit, the lowest first; the sixth bit says that another follows; the first bit is the sign. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function encodeNumber(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS.charAt(rest > 0 ? digit | 32 : digit);
  } while (rest > 0);
  return text;
}
