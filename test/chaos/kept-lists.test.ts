import { describe, expect, it } from 'vitest';
import type { UserAction } from '../../chaos/actions/user-action.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { type RunSetup, runScenario } from '../../chaos/run-scenario.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import type { AwsCall } from '../../local/aws-calls.ts';
import { setup } from './default-setup.ts';
import { delay, scenario, webhook } from './scenarios.ts';

const publish = (event: number, at: number, type: 'file.uploaded' | 'user.subscribed'): UserAction => ({
  do: 'publish',
  at,
  account: 0,
  event,
  type,
  body: 0,
});

/**
 * The dispatcher keeps the list at the second event. Then the webhook subscribes to all types, and the environment of the
 * API is killed before it raises the version again. `writtenAfterMs`: how long the write of the webhook takes.
 */
const widened = (writtenAfterMs: number): Scenario =>
  scenario({
    webhooks: [webhook({ events: 'file.*' })],
    keepListsFrom: 1,
    environments: 1,
    actions: [
      publish(0, 0, 'file.uploaded'),
      publish(1, 500, 'file.uploaded'),
      { do: 'widen', at: 1_000, webhook: 0 },
      publish(2, 1_300, 'file.uploaded'),
      publish(3, 2_500, 'user.subscribed'),
    ],
    faults: [
      {
        fault: 'call',
        calls: ['dynamodb:UpdateItem'],
        on: 'WebhooksTable',
        // Of the webhook, and of the version after it.
        effects: [delay(writtenAfterMs), { do: 'kill_before' }],
        when: { from: 2 },
      },
    ],
  });

const MISSED = /event evt_3 \(user\.subscribed\) is not for wh_0, which was subscribed to it all the time/;

/** The first write of a change does not raise the version. */
function withoutFirstRaise(call: AwsCall): AwsCall {
  const { UpdateExpression, ExpressionAttributeValues } = call.input;
  const isFirst = /^ADD #version (:v\d+), #changes_in_progress/.exec(String(UpdateExpression));
  if (isFirst === null) return call;
  const values = { ...Object(ExpressionAttributeValues), [String(isFirst[1])]: { N: '0' } };
  return { ...call, input: { ...call.input, ExpressionAttributeValues: values } };
}

/** The first write of a change does not record that the change is in progress. */
function withoutProgress(call: AwsCall): AwsCall {
  const { UpdateExpression, Key } = call.input;
  if (!String(UpdateExpression).includes('#changes_in_progress')) return call;
  const input = {
    TableName: call.input.TableName,
    Key,
    UpdateExpression: 'ADD #version :one',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  };
  return { ...call, input };
}

const REMOVALS: readonly {
  readonly behaviour: string;
  readonly removed: Partial<RunSetup>;
  readonly scenario: Scenario;
}[] = [
  {
    behaviour: 'the version is raised before a webhook is written',
    removed: { alterCall: withoutFirstRaise },
    scenario: {
      ...widened(1),
      // Without the third event: no list is read while the change is in progress.
      actions: widened(1).actions.filter((action) => action.do !== 'publish' || action.event !== 2),
    },
  },
  {
    behaviour: 'no list is kept that was read while a webhook was being written',
    removed: { alterCall: withoutProgress },
    scenario: widened(1_000),
  },
];

describe('an event that is published after a webhook changed finds it in a kept list, because', () => {
  for (const { behaviour, removed, scenario: given } of REMOVALS) {
    it(`${behaviour} [FAULT-47]`, async () => {
      const withBehaviour = findViolations(given, await runScenario(given, setup));
      const withoutBehaviour = findViolations(given, await runScenario(given, { ...setup, ...removed }));

      expect(withBehaviour).toEqual([]);
      expect(withoutBehaviour.join('\n')).toMatch(MISSED);
    });
  }
});
