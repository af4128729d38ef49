import { expect, it } from 'vitest';
import { createWatched } from '../../console/src/session/watched.ts';

it('reports its value and each change, until the watch ends', () => {
  const watched = createWatched(1);
  const seen: number[] = [];

  const end = watched.watch((value) => seen.push(value));
  watched.value = 2;
  end();
  watched.value = 3;

  expect([seen, watched.value]).toEqual([[1, 2], 3]);
});
