import { describe, expect, it } from 'vitest';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type RunSetup, runScenario } from '../../chaos/run-scenario.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { countTwice, inMessages, inTable, makeFalse, makeTrue } from './altered-calls.ts';
import {
  changeItems,
  olderAttempts,
  subscribedToAll,
  withoutNotBefore,
  withoutPredecessor,
  withoutUndispatched,
  withRecordsWrittenLate,
  withSecretsOpenedLate,
  withSender,
  withThresholds,
} from './altered-functions.ts';
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
  webhook,
} from './scenarios.ts';

/** A behaviour that is removed from the functions at one of their ports, and a scenario that needs it. */
interface Removal {
  readonly behaviour: string;
  readonly removed: Partial<RunSetup>;
  readonly scenario: Scenario;
  readonly violation: RegExp;
}

const twice = messageTwice(2, 0);
const twiceLater = messageTwice(2, 20_000);
const published = scenario().actions;
/** Three events, a minute apart. The second one arrives. */
const failing = scenario({
  webhooks: [webhook({ answers: ['error'], okEvents: [1] })],
  disableAfter: { exhausted: 2, hours: 0 },
  actions: [0, 1, 2].map((event) => ({
    do: 'publish',
    at: event * 60_000,
    account: 0,
    event,
    type: 'file.uploaded',
    body: 0,
  })),
});

const REMOVALS: readonly Removal[] = [
  {
    behaviour: 'an answered challenge leaves a disabled webhook disabled',
    removed: { alterCall: inWebhooks(makeTrue(/\(#status = :v\d+ OR #status = :v\d+\)/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ answersElsewhere: ['slow'] })],
      actions: [
        { do: 'repoint', at: 0, webhook: 0 },
        { do: 'disable', at: 1_000, webhook: 0 },
      ],
    }),
    violation: /a sender changed it from disabled to active/,
  },
  {
    behaviour: 'a new URL that fails its challenge leaves an active webhook active',
    removed: { alterCall: inWebhooks(makeTrue(/#status = :v\d+$/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ answersElsewhere: ['error'] })],
      actions: [{ do: 'repoint', at: 0, webhook: 0 }],
    }),
    violation: /a sender changed it from active to verification_failed/,
  },
  {
    behaviour: 'only the newest challenge activates a URL',
    removed: { alterCall: inWebhooks(makeTrue(/#verification_id = :v\d+/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ answersElsewhere: ['slow'] })],
      actions: [
        { do: 'repoint', at: 0, webhook: 0 },
        { do: 'repoint', at: 1_000, webhook: 0 },
      ],
    }),
    violation: /a sender activated \S+, and the newest challenge was not answered/,
  },
  {
    behaviour: 'the failure of an old challenge does not affect the newest one',
    removed: { alterCall: inWebhooks(makeTrue(/#verification_id = :v\d+/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ state: 'pending', answers: ['error', 'error', 'error', 'hang'] })],
      actions: [{ do: 'verify', at: 40_000, webhook: 0 }],
    }),
    violation: /its verification failed, and its newest challenge did not/,
  },
  {
    behaviour: 'rotations at the same time are made one after another',
    removed: { alterCall: inWebhooks(makeTrue(/#updated_at = :v\d+/, '#pk')) },
    scenario: scenario({
      actions: [
        { do: 'rotate', at: 0, webhook: 0 },
        { do: 'rotate', at: 60_000, webhook: 0 },
        { do: 'rotate', at: 60_100, webhook: 0 },
      ],
      // The second rotation is written after the third one.
      faults: [{ ...callFault('dynamodb:UpdateItem', 9, delay(1_000)), on: 'WebhooksTable' }],
    }),
    violation: /a secret was removed before its expiry/,
  },
  {
    behaviour: 'a failure is not recorded over a success',
    removed: { alterCall: inRecords(makeTrue(/NOT #status = :v\d+/g, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang', 'crawl', 'error', 'ok'] })],
      faults: [twiceLater, recordFault(2, { do: 'cut' }, delay(40_000))],
    }),
    violation: /was recorded as delivered, and then as retrying/,
  },
  {
    behaviour: 'a failure is not recorded after that of the next attempt',
    removed: { alterCall: inRecords(makeTrue(/attribute_not_exists\(#attempt_\d\)/, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'error'] })],
      faults: [twice, recordFault(1, ...ALL_TRIES_FAIL)],
    }),
    violation: /attempt 1 was recorded as failed after attempt 2/,
  },
  {
    behaviour: 'a write that is repeated after a lost answer is recognized by its token',
    removed: { alterCall: inRecords(makeFalse(/(?<=OR )#attempt_\d\.#token = :v\d+/, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      faults: [recordFault(1, { do: 'cut' })],
    }),
    violation: /attempt 2 is \d+ ms late without a fault that delays it/,
  },
  {
    behaviour: 'a failure is recorded once',
    removed: {
      alterCall: inRecords(makeTrue(/(?<=\()attribute_not_exists\(#attempt_\d\)/, '#status')),
    },
    scenario: scenario({ webhooks: [webhook({ answers: ['error'] })], faults: [twice] }),
    violation: /attempt 1 was recorded twice, by two copies/,
  },
  {
    behaviour: 'a failure does not overwrite a final status',
    removed: {
      alterCall: inRecords(makeTrue(/(?<=AND )NOT #status = :v\d+( AND NOT #status = :v\d+)*/, '#status')),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang'] })],
      actions: [...published, { do: 'delete', at: 10_000, webhook: 0 }],
      faults: [twiceLater],
    }),
    violation: /was recorded as canceled, and then as retrying/,
  },
  {
    behaviour: 'a final status does not overwrite another one',
    removed: {
      alterCall: inRecords(makeTrue(/^NOT #status = :v\d+( AND NOT #status = :v\d+)*$/, '#status')),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl'] })],
      actions: [...published, { do: 'delete', at: 10_000, webhook: 0 }],
      faults: [twiceLater, recordFault(1, delay(30_000))],
    }),
    violation: /was recorded as delivered, and then as canceled/,
  },
  {
    behaviour: 'secrets are decrypted before an event is stored',
    removed: { code: withSecretsOpenedLate(setup.stack) },
    scenario: scenario(),
    violation: /was stored by dispatch-event\/1, which could not have decrypted a secret/,
  },
  {
    behaviour: 'a batch ends after its records are written',
    removed: { code: withRecordsWrittenLate() },
    scenario: scenario(),
    violation: /the batch of attempt 1 ended before its record was written/,
  },
  {
    behaviour: 'a copy takes over only the token that it read',
    removed: { alterCall: inRecords(makeTrue(/(?<=AND )#attempt_\d\.#token = :v\d+(?= AND)/, '#event_id')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'ok'] })],
      faults: [recordFault(1, { do: 'kill_after' }), messageTwice(2, 99_500), recordFault(2, delay(5_000))],
    }),
    violation: /attempt 1 was taken over \d+ ms too early/,
  },
  {
    behaviour: 'a copy does not take over an attempt whose successor is recorded',
    removed: {
      alterCall: inRecords(makeTrue(/(?<=:v\d+\) AND )attribute_not_exists\(#attempt_\d\)$/, '#event_id')),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'hang', 'ok'] })],
      // The retry is made at 182 s and fails at 212 s. The copy reads at 183 s and writes at 223 s, when attempt 3 is open.
      faults: [
        postFault(2, 'kill_before'),
        messageTwice(2, 20_000),
        callFault('dynamodb:BatchGetItem', 3, delay(40_000)),
        recordFault(2, delay(40_000)),
      ],
    }),
    violation: /attempt 1 was taken over after attempt 2 was recorded/,
  },
  {
    behaviour: 'a copy takes over when the follow-up is overdue',
    removed: { code: withSender({ read: changeItems(olderAttempts) }) },
    scenario: scenario({ webhooks: [webhook({ answers: ['error', 'hang', 'ok'] })], faults: [twiceLater] }),
    violation: /attempt 1 was taken over \d+ ms too early/,
  },
  {
    behaviour: 'a retry is not made before the time that the endpoint requested',
    removed: { code: withSender({ settings: { maxRetryAfterSeconds: 0 } }) },
    scenario: scenario({ webhooks: [webhook({ answers: ['busy', 'ok'] })] }),
    violation: /attempt 2 does not follow a failed attempt 1 after its delay/,
  },
  {
    behaviour: 'a message that SQS cannot delay long enough waits until it is due',
    removed: { code: withSender({ receive: withoutNotBefore }) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      retryDelaysSeconds: [1_800, 5, 30],
    }),
    violation: /attempt 2 does not follow a failed attempt 1 after its delay/,
  },
  {
    behaviour: 'a retry is not made after another copy has taken over',
    removed: { code: withSender({ receive: withoutPredecessor }) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error'] })],
      // The retry is returned at 122 s and 242 s. The copy takes over at 221 s; its own retry is recorded at 252 s.
      faults: [
        postFault(2, 'kill_before'),
        postFault(3, 'kill_before'),
        messageTwice(2, 220_000),
        recordFault(3, delay(30_000)),
      ],
    }),
    violation: /attempt 2 was made by a copy after another one had taken over/,
  },
  {
    behaviour: 'without both of these rules, the number of copies grows',
    removed: { code: withSender({ read: changeItems(olderAttempts), receive: withoutPredecessor }) },
    scenario: MULTIPLIED,
    violation: /4 duplicate requests .* and 3 excused/,
  },
  {
    behaviour: 'a retry is not made for a type that the webhook is no longer subscribed to',
    removed: {
      code: withSender({ read: changeItems(subscribedToAll) }),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'error', 'ok'] })],
      actions: [...published, { do: 'narrow', at: 2_500, webhook: 0 }],
    }),
    violation: /its webhook was not subscribed to this type/,
  },
  {
    behaviour: 'an exhausted system event is not sent to the exhausted queue',
    removed: { alterCall: inMessages('webhook.retry', 'file.uploaded') },
    scenario: scenario({ webhooks: [webhook({ events: '*,webhook.*', answers: ['error'] })] }),
    violation: /it is a system event, and is on the exhausted queue/,
  },
  {
    behaviour: 'another event under a used id is sent to the undispatched queue',
    removed: { code: withoutUndispatched() },
    scenario: scenario({
      actions: [
        ...published,
        { do: 'publish', at: 5_000, account: 0, event: 0, type: 'file.uploaded', body: 1 },
      ],
    }),
    violation: /was published with another body, which is not on the undispatched queue/,
  },
  {
    behaviour: 'a success in between prevents that a webhook is disabled',
    removed: { alterCall: inWebhooks(makeFalse(/attribute_exists\(#exhausted_in_row\)/, '#pk')) },
    scenario: failing,
    violation: /it was disabled, and dlv_\w+ had succeeded since it began to fail/,
  },
  {
    behaviour: 'a webhook is disabled at the thresholds and not before',
    removed: { code: withThresholds({ exhausted: 1, hours: 0 }) },
    scenario: failing,
    violation: /it was disabled after 1 exhausted deliveries/,
  },
  {
    behaviour: 'a webhook is disabled when both thresholds are reached',
    removed: { code: withThresholds(undefined) },
    scenario: { ...failing, webhooks: [webhook({ answers: ['error'] })] },
    violation: /it reached both thresholds and was not disabled/,
  },
  {
    behaviour: 'an exhausted delivery counts once',
    removed: { alterCall: countTwice },
    scenario: failing,
    violation: /2 exhausted deliveries are counted, and 1 were recorded/,
  },
];

describe('a run without a behaviour', () => {
  for (const { behaviour, removed, scenario, violation } of REMOVALS) {
    it(`violates an invariant: ${behaviour} [FAULT-1]`, async () => {
      const withBehaviour = findViolations(scenario, await runScenario(scenario, setup));
      const withoutBehaviour = findViolations(
        scenario,
        await runScenario(scenario, { ...setup, ...removed }),
      );

      expect(withBehaviour).toEqual([]);
      expect(withoutBehaviour.join('\n')).toMatch(violation);
    });
  }
});

function inWebhooks(change: (condition: string) => string): NonNullable<RunSetup['alterCall']> {
  return inTable(setup.stack, 'Webhooks', change);
}

function inRecords(change: (condition: string) => string): NonNullable<RunSetup['alterCall']> {
  return inTable(setup.stack, 'Deliveries', change);
}
