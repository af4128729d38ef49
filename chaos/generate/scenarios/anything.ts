import fc from 'fast-check';
import type { Scenario } from '../../scenario.ts';
import { anyAction, publish } from '../actions.ts';
import { anyFault } from '../faults.ts';
import { webhookSpec } from '../webhooks.ts';
import { environments } from './environments.ts';

/** Several webhooks, with all kinds of actions and faults. */
export const anything = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc.array(webhookSpec, { minLength: 1, maxLength: 4 }),
    extraWebhooks: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(10, 25, 60) },
    ),
    actions: fc
      .tuple(fc.array(publish, { minLength: 1, maxLength: 4 }), fc.array(anyAction, { maxLength: 4 }))
      .map(([published, others]) => [...published, ...others]),
    faults: fc.array(anyFault, { maxLength: maxFaults }),
    environments,
  });
