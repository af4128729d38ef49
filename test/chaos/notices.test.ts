import { describe, expect, it } from 'vitest';
import { findViolations } from '../../chaos/invariants/index.ts';
import { play, type Stage } from '../../chaos/play.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { createStage } from '../../chaos/stage.ts';
import { inMessages, inTable, makeFalse, makeTrue } from './altered-calls.ts';
import {
  changeItems,
  olderAttempts,
  wantingAll,
  withoutPredecessor,
  withoutUndispatched,
  withRecordsWrittenLate,
  withSecretsOpenedLate,
  withSender,
} from './altered-functions.ts';
import { late, MULTIPLIED, scenario, webhook } from './scenarios.ts';

const stage = await createStage();

/** A behaviour that is taken from the functions at one of their ports, and a scenario that needs it. */
interface Removal {
  readonly behaviour: string;
  readonly removed: Partial<Stage>;
  readonly scenario: Scenario;
  readonly violation: RegExp;
}

/** The first message is the event's, on the events queue; the second one is the delivery's. */
const twice = { fault: 'message_twice', nth: 2, afterMs: 0 } as const;
const twiceLater = { fault: 'message_twice', nth: 2, afterMs: 20_000 } as const;
const published = scenario().actions;

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
    behaviour: 'only the newest challenge puts a URL in force',
    removed: { alterCall: inWebhooks(makeTrue(/#verification_id = :v\d+/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ answersElsewhere: ['slow'] })],
      actions: [
        { do: 'repoint', at: 0, webhook: 0 },
        { do: 'repoint', at: 1_000, webhook: 0 },
      ],
    }),
    violation: /in force, and the newest challenge was not answered/,
  },
  {
    behaviour: 'an old challenge that fails says nothing of the newest',
    removed: { alterCall: inWebhooks(makeTrue(/#verification_id = :v\d+/, '#pk')) },
    scenario: scenario({
      webhooks: [webhook({ state: 'pending', answers: ['error', 'error', 'error', 'hang'] })],
      actions: [{ do: 'verify', at: 40_000, webhook: 0 }],
    }),
    violation: /its verification failed, and its newest challenge did not/,
  },
  {
    behaviour: 'a failure is not recorded over a success',
    removed: { alterCall: inRecords(makeTrue(/^NOT #status = :v\d+/, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['hang', 'crawl', 'error', 'ok'] })],
      faults: [twiceLater, { ...late('UpdateItem', 2, 40_000), on: 'deliveries', effects: ['cut', 'delay'] }],
    }),
    violation: /was recorded as delivered, and then as retrying/,
  },
  {
    behaviour: 'a failure is not recorded after that of the next attempt',
    removed: { alterCall: inRecords(makeTrue(/attribute_not_exists\(#attempt_\d\)/, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'error'] })],
      faults: [
        twice,
        { ...late('UpdateItem', 1, 0), on: 'deliveries', effects: ['fail', 'fail', 'fail', 'fail'] },
      ],
    }),
    violation: /attempt 1 was recorded as failed after attempt 2/,
  },
  {
    behaviour: 'a write that is repeated, as its answer was lost, is known by its token',
    removed: { alterCall: inRecords(makeFalse(/(?<=OR )#attempt_\d\.#token = :v\d+/, '#status')) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'ok'] })],
      faults: [{ ...late('UpdateItem', 1, 0), on: 'deliveries', effects: ['cut'] }],
    }),
    violation: /attempt 2 is \d+ ms late, and no fault made it so/,
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
    behaviour: 'a failure is not recorded over an end',
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
    behaviour: 'an end is not recorded over another',
    removed: {
      alterCall: inRecords(makeTrue(/^NOT #status = :v\d+( AND NOT #status = :v\d+)*$/, '#status')),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['crawl'] })],
      actions: [...published, { do: 'delete', at: 10_000, webhook: 0 }],
      faults: [twiceLater, { ...late('UpdateItem', 1, 30_000), on: 'deliveries' }],
    }),
    violation: /was recorded as delivered, and then as canceled/,
  },
  {
    behaviour: 'secrets are opened before an event is stored',
    removed: { code: withSecretsOpenedLate(stage.stack) },
    scenario: scenario(),
    violation: /was stored by dispatch-event\/1, which could not have opened a secret/,
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
      faults: [
        { ...late('UpdateItem', 1, 0), on: 'deliveries', effects: ['kill_after'] },
        { fault: 'message_twice', nth: 2, afterMs: 99_500 },
        { ...late('UpdateItem', 2, 5_000), on: 'deliveries' },
      ],
    }),
    violation: /attempt 1 was taken over \d+ ms too early/,
  },
  {
    behaviour: 'a copy does not take over an attempt whose successor is recorded',
    removed: {
      alterCall: inRecords(makeTrue(/(?<=:v\d+ AND )attribute_not_exists\(#attempt_\d\)$/, '#event_id')),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'hang', 'ok'] })],
      // The retry is made at 182 s and fails at 212 s. The copy reads at 183 s and writes at 223 s.
      faults: [
        { fault: 'post', nth: 2, webhook: 0, effect: 'kill_before' },
        { fault: 'message_twice', nth: 2, afterMs: 20_000 },
        late('BatchGetItem', 3, 40_000),
        { ...late('UpdateItem', 2, 40_000), on: 'deliveries' },
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
    behaviour: 'a retry is not made after another copy has taken over',
    removed: { code: withSender({ receive: withoutPredecessor }) },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error'] })],
      // The retry is returned at 122 s and 242 s. The copy takes over at 221 s; its own retry is recorded at 252 s.
      faults: [
        { fault: 'post', nth: 2, webhook: 0, effect: 'kill_before' },
        { fault: 'post', nth: 3, webhook: 0, effect: 'kill_before' },
        { fault: 'message_twice', nth: 2, afterMs: 220_000 },
        { ...late('UpdateItem', 3, 30_000), on: 'deliveries' },
      ],
    }),
    violation: /attempt 2 was made by a copy after another one had taken over/,
  },
  {
    behaviour: 'without both of these rules, copies multiply',
    removed: { code: withSender({ read: changeItems(olderAttempts), receive: withoutPredecessor }) },
    scenario: MULTIPLIED,
    violation: /4 duplicate requests .* and 3 excused/,
  },
  {
    behaviour: 'a retry is not made for a type that the webhook no longer wants',
    removed: {
      code: withSender({ read: changeItems(wantingAll) }),
    },
    scenario: scenario({
      webhooks: [webhook({ answers: ['error', 'error', 'ok'] })],
      actions: [...published, { do: 'narrow', at: 2_500, webhook: 0 }],
    }),
    violation: /its webhook did not want this type/,
  },
  {
    behaviour: 'an exhausted system event is not sent to the exhausted queue',
    removed: { alterCall: inMessages('webhook.retry', 'file.uploaded') },
    scenario: scenario({ webhooks: [webhook({ events: '*,webhook.*', answers: ['error'] })] }),
    violation: /it is a system event, and is on the exhausted queue/,
  },
  {
    behaviour: 'another event under an id that is taken is set aside',
    removed: { code: withoutUndispatched() },
    scenario: scenario({
      actions: [
        ...published,
        { do: 'publish', at: 5_000, account: 0, event: 0, type: 'file.uploaded', body: 1 },
      ],
    }),
    violation: /was published with another body, which is not on the undispatched queue/,
  },
];

describe('a run in which a behaviour is missing', () => {
  for (const { behaviour, removed, scenario, violation } of REMOVALS) {
    it(`breaks an invariant: ${behaviour} [FAULT-1]`, async () => {
      const whole = findViolations(scenario, await play(scenario, stage));
      const broken = findViolations(scenario, await play(scenario, { ...stage, ...removed }));

      expect(whole).toEqual([]);
      expect(broken.join('\n')).toMatch(violation);
    });
  }
});

function inWebhooks(change: (condition: string) => string): NonNullable<Stage['alterCall']> {
  return inTable(stage.stack, 'Webhooks', change);
}

function inRecords(change: (condition: string) => string): NonNullable<Stage['alterCall']> {
  return inTable(stage.stack, 'Deliveries', change);
}
