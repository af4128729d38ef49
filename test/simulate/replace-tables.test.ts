import { describe, expect, it } from 'vitest';
import { replaceTables } from '../../simulate/replace-tables.ts';

const marked =
  'A\n<!-- simulate: loads -->\nold\n<!-- /simulate -->\nB\n<!-- simulate: limits -->\n<!-- /simulate -->\n';

describe('the tables of a document', () => {
  it('are replaced by name, and no other text is changed', () => {
    const tables = new Map([
      ['limits', '| two |'],
      ['loads', '| one |'],
    ]);

    expect(replaceTables(marked, tables)).toBe(
      'A\n<!-- simulate: loads -->\n\n| one |\n\n<!-- /simulate -->\nB\n<!-- simulate: limits -->\n\n| two |\n\n<!-- /simulate -->\n',
    );
  });

  it('are unchanged when they are replaced by themselves', () => {
    const once = replaceTables(marked, new Map([['loads', '| one |']]));

    expect(replaceTables(once, new Map([['loads', '| one |']]))).toBe(once);
  });

  it('must each have exactly one place', () => {
    expect(() => replaceTables(marked, new Map([['accounts', '']]))).toThrow(
      'must have exactly one place for the table accounts',
    );
    expect(() => replaceTables(marked + marked, new Map([['loads', '']]))).toThrow('exactly one place');
  });
});
