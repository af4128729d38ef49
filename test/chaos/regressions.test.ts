import { describe, expect, it } from 'vitest';
import { factsOf } from '../../chaos/history.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { formatReport } from '../../chaos/report.ts';
import { type RunResult, runScenario } from '../../chaos/run-scenario.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { setup } from './default-setup.ts';
import {
  ALL_TRIES_FAIL,
  callFault,
  delay,
  MULTIPLIED,
  messageTwice,
  postFault,
  recordFault,
  scenario,
  slowOutage,
  webhook,
} from './scenarios.ts';

/** Scenarios that violated an invariant, made small. Add a new one with its fix. */
const REGRESSIONS: readonly { readonly claim: string; readonly scenario: Scenario }[] = [
  {
    claim:
      'the delivery to a webhook that is unreadable when its event is dispatched again is held, not canceled',
    scenario: scenario({
      webhooks: [webhook({ markedSlow: true })],
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
        { do: 'break_item', at: 1_100, webhook: 0 },
        { do: 'publish', at: 1_200, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [{ fault: 'post', effect: 'kill_before', when: { from: 1 } }],
    }),
  },
  {
    claim: 'a failure whose record is lost is retried, although a killed run records the same attempt later',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'error'] })],
      faults: [recordFault(2, delay(40_000)), recordFault(3, ...ALL_TRIES_FAIL)],
    }),
  },
  {
    claim: 'a failure that is recorded after the timeout of its function is continued by a later run',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang'] })],
      faults: [recordFault(1, delay(40_000))],
    }),
  },
  {
    claim: 'a failure that is recorded after the timeout of its function enqueues no follow-up',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang'] })],
      actions: [{ do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 }],
      faults: [messageTwice(2, 0), recordFault(3, delay(40_000)), recordFault(5, { do: 'kill_before' })],
    }),
  },
  {
    claim: 'a delivery with a late 200 is not sent again when its record takes longer than the function has',
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl'] })],
      faults: [slowOutage('dynamodb', 5_000, 60_000)],
    }),
  },
  {
    claim: 'a message that is enqueued late is not sent to a webhook that was deleted before',
    scenario: scenario({
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'delete', at: 80_000, webhook: 0 },
        { do: 'publish', at: 200_000, account: 0, event: 1, type: 'file.uploaded', body: 0 },
      ],
      faults: [
        callFault('dynamodb:Query', 1, delay(40_000)),
        callFault('dynamodb:PutItem', 1, { do: 'delay_answer', ms: 40_000 }),
      ],
      environments: 1,
    }),
  },
  {
    claim: 'the message of a held delivery is redelivered until that is recorded',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error'] })],
      actions: [
        { do: 'publish', at: 1_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'disable', at: 1_500, webhook: 0 },
      ],
      faults: [recordFault(2, ...ALL_TRIES_FAIL)],
    }),
  },
  {
    claim: 'a failure that is recorded late does not continue a delivery that has been held meanwhile',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang', 'ok'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'disable', at: 0, webhook: 0 },
      ],
      faults: [recordFault(1, { do: 'fail' }, delay(40_000))],
    }),
  },
  {
    claim: 'an attempt that can neither be recorded nor followed up is made again',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      faults: [recordFault(1, ...ALL_TRIES_FAIL), callFault('sqs:SendMessageBatch', 2, ...ALL_TRIES_FAIL)],
    }),
  },
  {
    // One copy is returned after a crash, another was delivered late. Both wait until the same time.
    claim: 'of two waiting copies that become overdue together, one takes over',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'ok'] })],
      faults: [recordFault(1, { do: 'kill_after' }), messageTwice(2, 99_500), recordFault(2, delay(5_000))],
    }),
  },
  {
    // The first copy is refused at once, and the second one fails four times: they end at different attempts.
    claim: 'a delivery whose end could not be recorded is reported again when another copy ends later',
    scenario: scenario({
      webhooks: [webhook({ events: '*,webhook.*', answers: ['private', 'unreachable'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
      ],
      faults: [recordFault(1, ...ALL_TRIES_FAIL)],
    }),
  },
  {
    // Two requests repeat the held delivery, and its repeat is claimed by a write that takes 10 s.
    claim: 'the delay of a retry counts from the request, not from the claim of a repeat before it',
    scenario: scenario({
      webhooks: [webhook({ state: 'disabled', markedSlow: true, answers: ['redirect'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'enable', at: 5_000, webhook: 0 },
        { do: 'publish', at: 45_000, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'recover', at: 45_000, webhook: 0, status: 'exhausted' },
      ],
      faults: [recordFault(1, { do: 'cut' }, delay(10_000))],
    }),
  },
  {
    // Two copies are received together: one finds that the webhook does not subscribe to the event any more, the other
    // takes over.
    claim: 'a delivery that another copy cancels meanwhile is not taken over',
    scenario: scenario({
      webhooks: [webhook({ markedSlow: true, answers: ['throttled'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'narrow', at: 0, webhook: 0 },
      ],
      faults: [
        recordFault(1, { do: 'kill_after' }),
        recordFault(3, { do: 'kill_before' }, { do: 'kill_before' }),
        recordFault(5, delay(10)),
      ],
    }),
  },
  {
    claim: 'the mark of a slow webhook is written before the function returns, also when a later write fails',
    scenario: scenario({
      webhooks: [webhook({ state: 'pending', answers: ['wrong', 'slow'] })],
      actions: [],
      faults: [
        {
          fault: 'call',
          calls: ['dynamodb:UpdateItem'],
          by: 'SendDelivery',
          effects: [{ do: 'delay_answer', ms: 10_000 }, { do: 'fail' }],
          when: { from: 2 },
        },
      ],
    }),
  },
  {
    claim: 'one kill repeats the requests of two deliveries that repeat each other',
    scenario: scenario({
      webhooks: [webhook({ state: 'disabled', answers: ['private', 'ok'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'enable', at: 5_000, webhook: 0 },
        { do: 'recover', at: 45_000, webhook: 0, status: 'held' },
        { do: 'resend', at: 45_000, webhook: 0, nth: 0 },
        { do: 'recover', at: 89_739, webhook: 0, status: 'both' },
      ],
      faults: [{ fault: 'post', effect: 'kill_after', when: { from: 3 } }],
    }),
  },
  {
    // The second recovery finds the record before the copy of the message is received again.
    claim:
      'a delivery whose exhaustion was recorded before a kill is repeated by a recovery and is on no queue',
    scenario: scenario({
      webhooks: [webhook({ events: '*,webhook.*', answers: ['private', 'ok'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'recover', at: 45_000, webhook: 0, status: 'both' },
        { do: 'recover', at: 46_002, webhook: 0, status: 'both' },
      ],
      faults: [{ fault: 'post', effect: 'kill_after', when: { from: 4 } }],
    }),
  },
  {
    claim: 'a repeat whose first attempt was claimed and not recorded waits for its third attempt',
    scenario: scenario({
      webhooks: [webhook({ answers: ['error'] })],
      actions: [
        { do: 'disable', at: 6, webhook: 0 },
        { do: 'publish', at: 7, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'enable', at: 52, webhook: 0 },
        { do: 'publish', at: 103, account: 0, event: 0, type: 'file.uploaded', body: 0 },
      ],
      faults: [postFault(1, 'kill_open'), recordFault(4, ...ALL_TRIES_FAIL)],
    }),
  },
  {
    claim: 'the repeat of a system event is sent once',
    scenario: scenario({
      webhooks: [
        webhook({ events: 'webhook.*', answers: ['redirect'] }),
        webhook({ answers: ['error', 'slow'] }),
      ],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'resend', at: 1_041, webhook: 0, nth: 0 },
      ],
    }),
  },
  {
    // The function is frozen with the open write, and continues when the next request arrives.
    claim: 'a rotation whose audit entry takes longer than the function has is not made later',
    scenario: scenario({
      webhooks: [webhook({ answers: ['ok'] })],
      actions: [
        { do: 'rotate', at: 0, webhook: 0 },
        { do: 'narrow', at: 60_001, webhook: 0 },
      ],
      faults: [callFault('dynamodb:PutItem', 1, delay(40_000))],
    }),
  },
  {
    // The key is read again for another secret after the first one did not open.
    claim: 'a dispatcher that cannot decrypt one secret waits for the calls that decrypt the others',
    scenario: {
      ...scenario({
        webhooks: [webhook({ answers: ['ok'] }), webhook({ events: 'file.*', answers: ['ok'] })],
        actions: [
          { do: 'publish', at: 920, account: 0, event: 0, type: 'user.subscribed', body: 0 },
          { do: 'publish', at: 920, account: 0, event: 0, type: 'file.uploaded', body: 2 },
        ],
        faults: [callFault('kms:*', 1, ...ALL_TRIES_FAIL, ...ALL_TRIES_FAIL)],
      }),
      keepListsFrom: 1,
      extraWebhooks: 25,
    },
  },
  {
    // The answer to the first write of the failure is lost, and its second write is late.
    claim: 'a failure that is written again does not replace the cancellation by another copy',
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang'] })],
      actions: [
        { do: 'publish', at: 0, account: 0, event: 0, type: 'file.uploaded', body: 0 },
        { do: 'delete', at: 0, webhook: 0 },
      ],
      faults: [
        messageTwice(2, 20_000),
        recordFault(1, delay(40_000)),
        recordFault(2, { do: 'cut' }, delay(40_000)),
      ],
    }),
  },
];

const ATTEMPTS = 4;

describe('a scenario that violated an invariant before', () => {
  for (const { claim, scenario } of REGRESSIONS) {
    it(claim, async () => {
      const result = await runScenario(scenario, setup);

      expectNoViolation(scenario, result);
    });
  }

  it('makes at most one request for each attempt, and one more for each fault', async () => {
    const result = await runScenario(MULTIPLIED, setup);

    const attempts = factsOf(result.history.facts, 'posted').map(
      ({ headers }) => headers['X-Webhook-Attempt'],
    );
    expectNoViolation(MULTIPLIED, result);
    expect(new Set(attempts).size).toBe(ATTEMPTS);
    expect(attempts.length).toBeLessThanOrEqual(ATTEMPTS + MULTIPLIED.faults.length);
  });
});

function expectNoViolation(scenario: Scenario, result: RunResult): void {
  const violations = findViolations(scenario, result);
  expect(violations, formatReport(scenario, result, violations)).toEqual([]);
  // Without its faults, the scenario tests nothing.
  expect(factsOf(result.history.facts, 'fault').length).toBeGreaterThanOrEqual(scenario.faults.length);
}
