import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type FunctionCode, SOURCE } from '../../chaos/functions.ts';
import { findViolations } from '../../chaos/invariants/index.ts';
import { play, type Stage } from '../../chaos/play.ts';
import type { Scenario } from '../../chaos/scenario.ts';
import { KMS_SEED } from '../../chaos/secrets.ts';
import { createStage } from '../../chaos/stage.ts';
import type { AwsCall } from '../../local/calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';
import { late, scenario, webhook } from './scenarios.ts';

const stage = await createStage();

/** A behaviour that is taken from the functions at one of their ports, and a scenario that needs it. */
interface Removal {
  readonly behaviour: string;
  readonly removed: Partial<Stage>;
  readonly scenario: Scenario;
  readonly violation: RegExp;
}

const twice = { fault: 'message_twice', nth: 1, afterMs: 0 } as const;
const twiceLater = { fault: 'message_twice', nth: 1, afterMs: 20_000 } as const;
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
    removed: { alterCall: inWebhooks(makeTrue(/#verification\.#id = :v\d+/, '#pk')) },
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
    removed: { alterCall: inWebhooks(makeTrue(/#verification\.#id = :v\d+/, '#pk')) },
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
    removed: { alterCall: inRecords(makeFalse(/#attempt_\d\.#token = :v\d+/, '#status')) },
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
    removed: { code: { ...SOURCE, 'dispatch-event': withSecretsOpenedLate(SOURCE['dispatch-event']) } },
    scenario: scenario(),
    violation: /was stored by dispatch-event\/1, which could not have opened a secret/,
  },
  {
    behaviour: 'a batch ends after its records are written',
    removed: { code: { ...SOURCE, 'send-delivery': withRecordsWrittenLate(SOURCE['send-delivery']) } },
    scenario: scenario(),
    violation: /the batch of attempt 1 ended before its record was written/,
  },
];

describe('a run in which a behaviour is missing', () => {
  for (const { behaviour, removed, scenario, violation } of REMOVALS) {
    it(`breaks an invariant: ${behaviour}`, async () => {
      const whole = findViolations(scenario, await play(scenario, stage));
      const broken = findViolations(scenario, await play(scenario, { ...stage, ...removed }));

      expect(whole).toEqual([]);
      expect(broken.join('\n')).toMatch(violation);
    });
  }
});

type Alter = (call: AwsCall) => AwsCall;

/** Changes the conditions of updates of one table. */
function inTable(name: 'Webhooks' | 'Deliveries', change: (condition: string) => string): Alter {
  return (call) => {
    const { TableName, ConditionExpression } = call.input;
    const isOfTable = TableName === stage.stack.outputs[`${name}TableName`];
    if (!isOfTable || call.action !== 'UpdateItem' || typeof ConditionExpression !== 'string') return call;
    return { ...call, input: { ...call.input, ConditionExpression: change(ConditionExpression) } };
  };
}

function inWebhooks(change: (condition: string) => string): Alter {
  return inTable('Webhooks', change);
}

function inRecords(change: (condition: string) => string): Alter {
  return inTable('Deliveries', change);
}

/** A clause that holds always. `name`: a text attribute that the expression names; it has no attribute of its own. */
function makeTrue(clause: RegExp, name: string): (condition: string) => string {
  return (condition) => condition.replace(clause, (text) => `(${text} OR ${notInside(name)})`);
}

/** A clause that never holds. */
function makeFalse(clause: RegExp, name: string): (condition: string) => string {
  return (condition) => condition.replace(clause, (text) => `${text} AND NOT ${notInside(name)}`);
}

function notInside(name: string): string {
  return `attribute_not_exists(${name}.${name})`;
}

/** The data key comes from elsewhere, and KMS is asked for it a moment later. */
function withSecretsOpenedLate(code: FunctionCode['dispatch-event']): FunctionCode['dispatch-event'] {
  const kms = createKms({ keys: stage.stack.keys, seed: KMS_SEED });
  const use = () => () => undefined;
  const call = ({ action, input }: AwsCall) =>
    kms.call(action, input, { principal: 'test', useUnits: () => undefined });
  const elsewhere = createInProcessClient({ use, call }, 'test', 'kms');
  return {
    ...code,
    createDispatchEvent: (deps) =>
      code.createDispatchEvent({
        ...deps,
        kms: {
          async send(command: Parameters<typeof deps.kms.send>[0]) {
            setTimeout(() => void deps.kms.send(command), 1);
            return elsewhere.send(command);
          },
        },
      }),
  };
}

/** Records of successes are reported as written, and written a moment later. */
function withRecordsWrittenLate(code: FunctionCode['send-delivery']): FunctionCode['send-delivery'] {
  return {
    ...code,
    createSendDelivery: (deps) =>
      code.createSendDelivery({
        ...deps,
        dynamodb: {
          async send(command: Parameters<typeof deps.dynamodb.send>[0]) {
            if (!(command instanceof BatchWriteItemCommand)) return deps.dynamodb.send(command);
            setTimeout(() => void deps.dynamodb.send(command), 1);
            return { $metadata: {} };
          },
        },
      }),
  };
}
