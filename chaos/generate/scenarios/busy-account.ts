import fc from 'fast-check';
import type { Scenario } from '../../scenario.ts';
import { changeOfWebhook, duringChanges, publishAt } from '../actions.ts';
import { verificationFault, versionFault } from '../fault-combinations.ts';
import { anyFault } from '../faults.ts';
import { answersFrom } from '../webhooks.ts';

/** Many events of an account whose webhooks the dispatcher keeps, while its customer changes them. */
export const busyAccount = (maxFaults: number): fc.Arbitrary<Scenario> =>
  fc.record({
    webhooks: fc.array(
      fc.record({
        account: fc.constant(0),
        events: fc.constantFrom('*' as const, '*,webhook.*' as const, 'file.*' as const),
        state: fc.constantFrom('active' as const, 'active' as const, 'pending' as const, 'disabled' as const),
        markedSlow: fc.constant(false),
        answers: answersFrom(['ok'], ['ok'], ['slow'], ['error', 'ok']),
        answersElsewhere: answersFrom(['ok'], ['slow'], ['error', 'ok']),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    extraWebhooks: fc.constant(0),
    keepListsFrom: fc.constant(1),
    actions: fc
      .tuple(
        fc.array(duringChanges, { minLength: 4, maxLength: 12 }),
        fc.array(changeOfWebhook, { minLength: 1, maxLength: 5 }),
      )
      .map(([times, changes]) => [...times.map(publishAt), ...changes]),
    faults: fc.array(fc.oneof(versionFault, versionFault, verificationFault, anyFault), {
      maxLength: Math.min(maxFaults, 3),
    }),
    environments: fc.constantFrom(1, 1, 2, 20),
  });
