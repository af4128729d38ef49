import { expect, it } from 'vitest';
import { targetOrigins } from '../../console/src/frame/frame.ts';

const LISTED = 'https://app.example.com https://admin.example.com';

it.each([
  ['the parent, when it is listed', LISTED, 'https://admin.example.com', ['https://admin.example.com']],
  ['nobody, when it is not', LISTED, 'https://evil.example', []],
  ['all that are listed, when it is unknown', LISTED, undefined, LISTED.split(' ')],
  ['nobody, when none is listed', '', 'https://app.example.com', []],
  ['nobody by a wildcard or a keyword', "* 'self' https:", undefined, []],
])('messages are addressed to %s [API-64]', (_, listed, parent, origins) => {
  expect(targetOrigins(listed, parent)).toEqual(origins);
});
