import { expect, it } from 'vitest';
import { SUBSCRIBES_TO } from '../../console/src/texts/event.ts';
import { EVENT_PICKER } from '../../console/src/texts/event-picker.ts';

it('says what "*" means', () => {
  expect(SUBSCRIBES_TO(['*', 'webhook.retry'])).toBe('It receives all event types (*), webhook.retry.');
  expect(EVENT_PICKER.chosen(['*'], 5)).toBe('all event types (*): 5 types match today.');
});
