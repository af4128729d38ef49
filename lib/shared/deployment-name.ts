import { Names, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** CloudWatch: a dimension's value consists of ASCII characters. An alarm's name, which begins with it, has up to 255. */
const MAX_PATH_LENGTH = 80;
const PLAIN_PATH = /^[\w./-]+$/;

/**
 * A name of a deployment that no other in the account and region has: the name of its stack, and the construct's path in
 * the stack, such as `WebhookFanout/Fanout`.
 */
export function deploymentName(construct: Construct): string {
  const stack = Stack.of(construct);
  const ids = construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  const path = ids.join('/');
  const isPlain = PLAIN_PATH.test(path) && path.length <= MAX_PATH_LENGTH;
  return `${stack.stackName}/${isPlain ? path : Names.uniqueResourceName(construct, { maxLength: MAX_PATH_LENGTH })}`;
}
