import { expect, it } from 'vitest';
import { quoteOf } from '../../console/src/screens/webhook/quote.ts';

it.each([
  ['the database is down', 'the database is down'],
  ['{"error":"no such user"}', '{"error":"no such user"}'],
  ['\n\nfirst\nsecond', 'first'],
  [
    '<!doctype html>\n<title>Error</title>\n<pre>TypeError: x is undefined\n  at y',
    'TypeError: x is undefined',
  ],
  ['<html><body><h1>502 Bad Gateway</h1></body></html>', '502 Bad Gateway'],
  ['<script>', '<script>'],
  ['', ''],
  ['w'.repeat(500), `${'w'.repeat(160)}…`],
])('quotes of %j the line that says most', (answer, quoted) => {
  expect(quoteOf(answer)).toBe(quoted);
});
