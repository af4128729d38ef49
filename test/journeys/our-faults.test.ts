import { describe, expect, inject, it, type TestContext } from 'vitest';
import { patchAssembly } from '../../local/assembly/patch.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { until } from '../support/until.ts';
import { startJourney } from './support/journey.ts';

/** Copies the synthesized stack without one action in its roles. */
async function assemblyWithout(
  action: string,
  onTestFinished: TestContext['onTestFinished'],
): Promise<string> {
  let removed = 0;
  const { directory, remove } = await patchAssembly(inject('privateAssembly'), ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::IAM::Role' || !Array.isArray(Properties.Policies)) continue;
      for (const { PolicyDocument } of Properties.Policies as Policy[]) {
        PolicyDocument.Statement = PolicyDocument.Statement.filter((statement) => {
          const actions = [statement.Action].flat();
          if (!actions.includes(action)) return true;
          removed += 1;
          statement.Action = actions.filter((one) => one !== action);
          return statement.Action.length > 0;
        });
      }
    }
  });
  onTestFinished(remove);
  expect(removed).toBeGreaterThan(0);
  return directory;
}

interface Policy {
  PolicyDocument: { Statement: { Action: string | string[] }[] };
}

describe.concurrent('a fault of ours', () => {
  it('such as a missing grant is reported with function, action and resource, as by AWS', async ({
    expect,
    onTestFinished,
  }) => {
    const assemblyDirectory = await assemblyWithout('dynamodb:BatchWriteItem', onTestFinished);
    const journey = await startJourney({ assemblyDirectory, mayBeRefused: true });
    onTestFinished(() => journey.close());
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['*'] });

    await journey.publish('file.uploaded', { data: {} });

    const line = await until('the refusal', () =>
      journey.cloud.logs('FirstLane').find((text) => text.includes('not authorized')),
    );
    expect(line).toContain(
      'not authorized to perform: dynamodb:BatchWriteItem on resource: arn:aws:dynamodb:',
    );
    expect(line).toContain('FirstLane');
    expect(line).toContain('no identity-based policy allows');
  });

  it('such as an outage of DynamoDB needs no manual action: the event is delivered afterwards, once [FAULT-21]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await startJourney();
    onTestFinished(() => journey.close());
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['*'] });
    const dispatcher = journey.cloud.findFunction('DispatchEvent').settings.name;
    const failedRuns = () =>
      journey.cloud.logs('DispatchEvent').filter((line) => line.includes('an event is returned')).length;
    const end = journey.cloud.calls.use(async (call, next) => {
      if (call.service === 'dynamodb' && call.principal === dispatcher) {
        throw new AwsError({ code: 'InternalServerError', message: 'down', status: 500 });
      }
      return next();
    });

    await journey.publish('file.uploaded', { id: 'evt_outage', data: {} });
    await until('two runs to fail', () => failedRuns() >= 2 || undefined);
    end();

    const [request] = await customer.received(1);
    await journey.untilIdle();
    expect(request?.headers['webhook-id']).toBe('evt_outage');
    expect(customer.requests).toHaveLength(1);
  });
});
