import {
  type EventSourceMappingConfiguration,
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CONCURRENCY_OF_A_POLLER } from '../../lib/shared/pollers.ts';
import { type Check, type Finding, ok, problem } from './check.ts';
import { resourcesOf } from './resources.ts';

/** Checks that every event source mapping is enabled, and that Lambda's quota covers their executions. */
export const concurrency: Check = {
  name: 'concurrency',
  needsAws: true,
  async run({ stack = '', target: { clientSettings } }) {
    const ids = await resourcesOf(stack, 'AWS::Lambda::EventSourceMapping', clientSettings);
    const lambda = new LambdaClient(clientSettings);
    try {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      const mappings: EventSourceMappingConfiguration[] = [];
      for (const UUID of ids) mappings.push(await lambda.send(new GetEventSourceMappingCommand({ UUID })));
      return judge(mappings, AccountLimit?.ConcurrentExecutions ?? 0);
    } finally {
      lambda.destroy();
    }
  },
};

/** `quota` is Lambda's quota of concurrent executions of the account and region. */
export function judge(mappings: readonly EventSourceMappingConfiguration[], quota: number): Finding {
  const disabled = mappings.filter(({ State }) => State === 'Disabled' || State === 'Disabling');
  if (disabled.length > 0) {
    const queues = disabled.map(({ EventSourceArn = '' }) => EventSourceArn.split(':').at(-1)).join(', ');
    return problem(
      `event sources are disabled: messages stay on ${queues}`,
      'enable them in the Lambda console, or with "aws lambda update-event-source-mapping --enabled --uuid …"',
    );
  }
  const needed = mappings.reduce((sum, mapping) => sum + maximumOf(mapping), 0);
  if (needed < quota) return ok(`the event sources need up to ${needed} of ${quota} concurrent executions`);
  return problem(
    `the event sources may need ${needed} concurrent executions, and Lambda's quota of this account is ${quota}: throttled messages can reach the poison queue`,
    'request a higher quota of "Concurrent executions" in Service Quotas, or lower the setting concurrency and deploy',
  );
}

function maximumOf({ ScalingConfig, ProvisionedPollerConfig }: EventSourceMappingConfiguration): number {
  const { MaximumPollers } = ProvisionedPollerConfig ?? {};
  return MaximumPollers === undefined
    ? (ScalingConfig?.MaximumConcurrency ?? 0)
    : MaximumPollers * CONCURRENCY_OF_A_POLLER;
}
