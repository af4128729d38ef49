import type { ResourceType } from '../resource-type.ts';
import { alarm, dashboard } from './cloudwatch.ts';
import { codeDeployApplication, codeDeployGroup } from './codedeploy.ts';
import { globalTable, table } from './dynamodb.ts';
import { eventBus, rule } from './events.ts';
import { api, integration, route, stage } from './http-api.ts';
import { policy, role } from './iam.ts';
import { alias, key, replicaKey } from './kms.ts';
import { eventSourceMapping, functionAlias, functionVersion, lambdaFunction, permission } from './lambda.ts';
import { logGroup, queryDefinition } from './logs.ts';
import { NETWORK_TYPES } from './networks.ts';
import { schedule } from './scheduler.ts';
import { subscription, topic, topicPolicy } from './sns.ts';
import { queue, queuePolicy } from './sqs.ts';

/** Every resource type that the local cloud supports. */
export const RESOURCE_TYPES = {
  alarm,
  alias,
  api,
  codeDeployApplication,
  codeDeployGroup,
  dashboard,
  eventBus,
  eventSourceMapping,
  functionAlias,
  functionVersion,
  globalTable,
  integration,
  key,
  lambdaFunction,
  logGroup,
  ...NETWORK_TYPES,
  permission,
  policy,
  queryDefinition,
  queue,
  queuePolicy,
  replicaKey,
  role,
  route,
  rule,
  schedule,
  stage,
  subscription,
  table,
  topic,
  topicPolicy,
} as const;

const BY_NAME: ReadonlyMap<string, ResourceType> = new Map(
  Object.values(RESOURCE_TYPES).map((resourceType): [string, ResourceType] => [
    resourceType.type,
    resourceType,
  ]),
);

/** Throws an error with the type's name if the local cloud does not support it. */
export function findResourceType(type: string): ResourceType {
  const found = BY_NAME.get(type);
  if (found !== undefined) return found;
  throw new Error(
    `the local cloud does not support the resource type "${type}"; it supports ${[...BY_NAME.keys()].sort().join(', ')}`,
  );
}
