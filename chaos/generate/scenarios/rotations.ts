import fc from 'fast-check';
import type { Scenario } from '../../scenario.ts';
import { customerRequest, deliveryRequest, publish, republish, rotation } from '../actions.ts';
import { verificationFault } from '../fault-combinations.ts';
import { anyFault } from '../faults.ts';
import { answers, oneWebhook } from '../webhooks.ts';
import { environments } from './environments.ts';

/** One webhook whose secret is rotated while its deliveries and its challenges are retried. */
export const rotations = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: oneWebhook({
      state: fc.constantFrom('active', 'active', 'active', 'pending', 'disabled', 'sealed_elsewhere'),
      answers,
    }),
    extraWebhooks: fc.constant(0),
    actions: fc
      .tuple(
        republish,
        fc.array(publish, { maxLength: 3 }),
        fc.array(rotation, { minLength: 2, maxLength: 7 }),
        fc.array(fc.oneof(deliveryRequest, customerRequest), { maxLength: 2 }),
      )
      .map((parts) => parts.flat()),
    faults: fc.array(fc.oneof(verificationFault, anyFault), { maxLength: Math.min(maxFaults, 3) }),
    environments,
  });
