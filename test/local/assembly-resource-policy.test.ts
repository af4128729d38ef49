import { describe, expect, it } from 'vitest';
import { allowsService } from '../../local/assembly/resource-policy.ts';
import { ResourcePolicy } from '../../local/assembly/resource-types/policy-document.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:parked';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/bus/all';
const REQUEST = {
  service: 'events.amazonaws.com',
  action: 'sqs:SendMessage',
  resource: QUEUE,
  sourceArn: RULE,
};

const LETS_THE_RULE_SEND = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: QUEUE,
  Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
};
const TLS_ONLY = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'sqs:*',
  Resource: QUEUE,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

const policy = (...Statement: unknown[]): ResourcePolicy => ResourcePolicy.parse({ Statement });

describe("a queue's policy", () => {
  it('allows the rule that it names, also with a statement that denies requests without TLS', () => {
    expect(allowsService([policy(TLS_ONLY, LETS_THE_RULE_SEND)], REQUEST)).toBe(true);
  });

  it.each([
    ['says nothing', []],
    ['names another service', [{ ...LETS_THE_RULE_SEND, Principal: { Service: 'sns.amazonaws.com' } }]],
    [
      'names another rule',
      [{ ...LETS_THE_RULE_SEND, Condition: { ArnEquals: { 'aws:SourceArn': `${RULE}2` } } }],
    ],
    ['allows another action', [{ ...LETS_THE_RULE_SEND, Action: 'sqs:ReceiveMessage' }]],
    ['names another queue', [{ ...LETS_THE_RULE_SEND, Resource: `${QUEUE}2` }]],
    ['denies it, too', [LETS_THE_RULE_SEND, { ...LETS_THE_RULE_SEND, Effect: 'Deny' }]],
  ])('refuses a rule when it %s', (_what, statements) => {
    expect(allowsService([policy(...statements)], REQUEST)).toBe(false);
  });

  it.each([
    ['operator', { NumericEquals: { 'aws:SourceArn': '1' } }, 'NumericEquals'],
    ['key', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, 'aws:PrincipalOrgID'],
  ])('throws on an unsupported condition %s', (_what, Condition, name) => {
    const statement = { ...LETS_THE_RULE_SEND, Condition };

    expect(() => allowsService([policy(statement)], REQUEST)).toThrow(name);
  });
});
