import { allowsService } from './assembly/resource-policy.ts';
import type { Stack } from './assembly/stack.ts';
import { ADMINISTRATOR, type Calls } from './calls.ts';
import type { BusEvent, Rule } from './events/event.ts';
import type { FaultPoints } from './faults/points.ts';
import type { Lambda } from './lambda/service.ts';
import type { SqsEngine } from './sqs/engine.ts';

const EVENTBRIDGE = 'events.amazonaws.com';

export interface RuleTargetsDependencies {
  readonly stack: Pick<Stack, 'rules' | 'queuePolicies'>;
  readonly lambda: Pick<Lambda, 'mayInvoke' | 'invokeLater'>;
  readonly calls: Calls;
  readonly faults: Pick<FaultPoints, 'secondDeliveryAfterMs'>;
  readonly queues: Pick<SqsEngine, 'queueByArn'>;
  readonly onProblem: (problem: string) => void;
}

/**
 * Hands matched events to their functions, where the function lets the rule do so; where not, to the rule's
 * dead-letter queue, where that queue lets EventBridge.
 */
export function createRuleTargets(deps: RuleTargetsDependencies): {
  deliver(rule: Rule, event: BusEvent): void;
} {
  const { stack, lambda } = deps;

  const bury = async (
    rule: Rule,
    event: BusEvent,
    functionArn: string,
    queueArn: string | undefined,
  ): Promise<void> => {
    const queue = queueArn === undefined ? undefined : deps.queues.queueByArn(queueArn);
    if (queue === undefined) throw new Error('the rule has no dead-letter queue');
    const documents = stack.queuePolicies
      .filter(({ queueUrls }) => queueUrls.includes(queue.url))
      .map(({ document }) => document);
    const request = {
      service: EVENTBRIDGE,
      action: 'sqs:SendMessage',
      resource: queue.arn,
      sourceArn: rule.arn,
    };
    if (!allowsService(documents, request))
      throw new Error(`the policy of ${queue.name} does not let the rule send`);
    await deps.calls.call({
      principal: ADMINISTRATOR,
      service: 'sqs',
      action: 'SendMessage',
      input: {
        QueueUrl: queue.url,
        MessageBody: JSON.stringify(event),
        MessageAttributes: {
          ERROR_CODE: text('NO_PERMISSIONS'),
          ERROR_MESSAGE: text('The rule is not allowed to invoke its target.'),
          RULE_ARN: text(rule.arn),
          TARGET_ARN: text(functionArn),
        },
      },
    });
  };

  return {
    deliver(rule, event) {
      const targets = stack.rules.find(({ arn }) => arn === rule.arn)?.targets ?? [];
      for (const { functionArn, deadLetterArn } of targets) {
        if (lambda.mayInvoke(functionArn, EVENTBRIDGE, rule.arn)) {
          lambda.invokeLater(functionArn, event);
          const againAfterMs = deps.faults.secondDeliveryAfterMs();
          if (againAfterMs !== undefined) {
            setTimeout(() => lambda.invokeLater(functionArn, event), againAfterMs);
          }
          continue;
        }
        bury(rule, event, functionArn, deadLetterArn).catch((error: unknown) => {
          deps.onProblem(
            `rule ${rule.name} lost an event, since it may not invoke ${functionArn}: ${String(error)}`,
          );
        });
      }
    },
  };
}

function text(value: string): { DataType: 'String'; StringValue: string } {
  return { DataType: 'String', StringValue: value };
}
