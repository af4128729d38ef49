import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { InputError, show } from './input.ts';

/** CloudFormation: a logical id has letters and digits only, and an output's name up to 255 characters. */
const PREFIX = /^([A-Za-z][A-Za-z0-9]{0,199})?$/;

/** Throws when outputs cannot have this prefix, or when another deployment of the stack has outputs with it. */
export function checkOutputPrefix(scope: Construct, prefix: unknown): void {
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw new InputError(
      `prefix is ${show(prefix)}; expected: a letter, then letters and digits, 200 characters at most. Leave it out for none.`,
    );
  }
  const stack = Stack.of(scope);
  const isTaken = stack.node
    .findAll()
    .some((node) => node instanceof CfnOutput && stack.resolve(node.logicalId) === `${prefix}ApiUrl`);
  if (!isTaken) return;
  throw new InputError(
    `The stack ${stack.stackName} already has an output ${prefix}ApiUrl; each deployment of a stack needs outputs of its own. Call addOutputs({ prefix: 'Billing' }), with a prefix that no other deployment of the stack has.`,
  );
}
