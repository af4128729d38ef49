import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../tools/terminal-svg.ts';

/** The rows of an SVG: when each appears, in seconds, and its text. */
function rowsOf(svg: string): { delay: number; text: string }[] {
  return [...svg.matchAll(/<text [^>]*animation-delay:([\d.]+)s">(.*)<\/text>/g)].map(([, delay, spans]) => ({
    delay: Number(delay),
    text: (spans ?? '').replace(/<[^>]+>/g, ''),
  }));
}

const styleOf = (svg: string, text: string): string | undefined =>
  new RegExp(`<tspan class="(\\w+)">${text}</tspan>`).exec(svg)?.[1];

describe('renderTerminal', () => {
  it('shows each line when it was printed, and shortens long pauses', () => {
    const svg = renderTerminal('title', [
      { atMs: 0, text: '$ npm start' },
      { atMs: 8_000, text: 'ready' },
      { atMs: 8_250, text: 'done' },
    ]);

    expect(rowsOf(svg)).toEqual([
      { delay: 0, text: '$ npm start' },
      { delay: 1.5, text: 'ready' },
      { delay: 1.75, text: 'done' },
    ]);
  });

  it('escapes what XML would read as markup, and removes control sequences', () => {
    const svg = renderTerminal('a "title"', [{ atMs: 0, text: '\u001b[1m<b> & "c"\u001b[0m' }]);

    expect(rowsOf(svg).map(({ text }) => text)).toEqual(['&#60;b&#62; &#38; &#34;c&#34;']);
    expect(svg).toContain('aria-label="a &#34;title&#34;"');
    expect(svg).not.toContain('\u001b');
  });

  it('marks the result of an attempt by its status', () => {
    const svg = renderTerminal('title', [
      { atMs: 0, text: '   1.00 s  receiver  /flaky got a, attempt 1: answered 500, tried again in 1 s' },
      { atMs: 0, text: '   2.00 s  receiver  /flaky got a, attempt 2: answered 200' },
    ]);

    expect(styleOf(svg, 'answered 500')).toBe('bad');
    expect(styleOf(svg, 'answered 200')).toBe('good');
    expect(styleOf(svg, 'receiver {2}')).toBe('who');
  });

  it('continues a long line below the last cell of the line, without losing a word', () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`);

    const rows = rowsOf(
      renderTerminal('title', [{ atMs: 0, text: `   1.00 s  customer  ${words.join(' ')}` }]),
    );

    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every(({ text }) => text.length <= 108)).toBe(true);
    expect(rows.slice(1).every(({ text }) => text.startsWith(' '.repeat(21)))).toBe(true);
    expect(rows.flatMap(({ text }) => text.match(/word\d+/g))).toEqual(words);
  });
});
