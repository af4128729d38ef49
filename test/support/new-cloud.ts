import { onTestFinished } from 'vitest';
import type { AuditEntry } from '../../lambdas/shared/domain/audit.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import { AwsError, type Interceptor, type Json } from '../../local/aws-calls.ts';
import { accountId } from './builders.ts';
import { TABLES } from './in-process-services.ts';
import { createInProcessStack, type InProcessStack } from './in-process-stack.ts';

export type Cloud = InProcessStack;

/** The functions' code on a simulated cloud, for one test. It is closed when the test ends. */
export async function newCloud(options: Parameters<typeof createInProcessStack>[0] = {}): Promise<Cloud> {
  const cloud = await createInProcessStack(options);
  onTestFinished(() => cloud.close());
  return cloud;
}

/** Fails every call of these actions, as AWS does during an outage. */
export function outage(...actions: string[]): Interceptor {
  return async (call, next) => {
    if (actions.includes(call.action)) {
      throw new AwsError({ code: 'ServiceUnavailable', message: 'simulated outage', status: 503 });
    }
    return next();
  };
}

/** What the message of a `defect` has, and no log line may have. */
export const DEFECT_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Fails every call of these actions, as an error of our own code does. */
export function defect(...actions: string[]): Interceptor {
  return async (call, next) => {
    if (actions.includes(call.action)) throw new TypeError(DEFECT_SECRET);
    return next();
  };
}

export interface RecordedCall {
  readonly action: string;
  readonly input: Json;
}

/** Records all calls from now on, in their order. */
export function recordCalls(cloud: Cloud): RecordedCall[] {
  const calls: RecordedCall[] = [];
  cloud.intercept(async (call, next) => {
    calls.push({ action: call.action, input: call.input });
    return next();
  });
  return calls;
}

export const actionsOf = (calls: readonly RecordedCall[]): string[] => calls.map(({ action }) => action);

/** The audit entries of an account, oldest first. */
export async function auditOf(cloud: Cloud, account = accountId()): Promise<AuditEntry[]> {
  const audit = createAuditLog({ dynamodb: cloud.dynamodb, tableName: TABLES.deliveriesTable });
  const entries = await audit.list(account, { since: 0, until: cloud.time.now + 1, limit: 1_000 });
  return entries.reverse();
}
