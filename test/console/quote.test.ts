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
  ['<title>502 Bad Gateway</title>\n<h1>502 Bad Gateway</h1>\n<hr>nginx/1.24.0', '502 Bad Gateway'],
  [
    '<title>500 Internal Server Error</title>\n<style>\nh1 { font: 16px a, b; }\n</style>\n<p>Connection to <b>orders-db</b> refused.',
    'Connection to orders-db refused.',
  ],
  ['<script>', '<script>'],
  ['', ''],
  ['w'.repeat(500), `${'w'.repeat(160)}…`],
])('quotes of %j the line that says most', (answer, quoted) => {
  expect(quoteOf(answer)).toBe(quoted);
});
