import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberText, prettyJson } from '../../console/src/parts/json-text.ts';

describe('pretty JSON', () => {
  it('is what JSON.stringify writes, for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps the digits of numbers, the escapes of texts and repeated names', () => {
    const text = '{"size":12345678901234567890,"rate":1.0,"name":"\\u0041 \\"{,}\\"","name":[]}';

    expect(prettyJson(text)).toBe(
      [
        '{',
        '  "size": 12345678901234567890,',
        '  "rate": 1.0,',
        '  "name": "\\u0041 \\"{,}\\"",',
        '  "name": []',
        '}',
      ].join('\n'),
    );
  });

  it('is undefined for a text that is not JSON', () => {
    expect(prettyJson('<p>Not JSON</p>')).toBeUndefined();
    expect(prettyJson('')).toBeUndefined();
  });

  it('formats a body of the largest size', () => {
    const text = JSON.stringify({ text: `${'a'.repeat(250_000)}"` });

    expect(prettyJson(text)).toHaveLength(text.length + '\n  \n '.length);
  });
});

describe('the text of a member', () => {
  it('is exactly what was written, whatever the other members contain', () => {
    const text =
      '{"id":"data","other":{"data":1},"data": {"size": 12345678901234567890, "a": [1]} ,"as_of":"x"}';

    expect(memberText(text, 'data')).toBe('{"size": 12345678901234567890, "a": [1]}');
    expect(memberText(text, 'id')).toBe('"data"');
    expect(memberText(text, 'as_of')).toBe('"x"');
    expect(memberText(text, 'missing')).toBeUndefined();
  });

  it('is found by a name with escapes', () => {
    expect(memberText('{"d\\u0061ta":[true]}', 'data')).toBe('[true]');
  });

  it('parses to the value of the member, for every object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (object, value) => {
        const text = JSON.stringify({ ...object, data: value });

        expect(JSON.parse(memberText(text, 'data') ?? '')).toEqual(JSON.parse(text).data);
      }),
    );
  });
});
