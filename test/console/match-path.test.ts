import { expect, it } from 'vitest';
import { matchPath } from '../../console/src/shell/match-path.ts';

it('matches a path with parameters, also with a slash at its end', () => {
  const pattern = '/console/webhooks/:id/deliveries/:delivery';

  expect(matchPath('/console/webhooks/wh_1/deliveries/dlv%2F1', pattern)).toEqual({
    id: 'wh_1',
    delivery: 'dlv/1',
  });
  expect(matchPath('/console/webhooks/', '/console/webhooks')).toEqual({});
});

it.each([
  ['/console/webhooks', '/console/webhooks/:id'],
  ['/console/webhooks//', '/console/webhooks/:id'],
  ['/console/webhooks/wh_1/recover', '/console/webhooks/:id'],
  ['/console/events', '/console/webhooks'],
])('does not match %s to %s', (path, pattern) => {
  expect(matchPath(path, pattern)).toBeUndefined();
});

it('shows a part that is no valid encoding as it is', () => {
  expect(matchPath('/console/events/%E0%A4%A', '/console/events/:id')).toEqual({ id: '%E0%A4%A' });
});
