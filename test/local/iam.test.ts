import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../local/iam/authorizer.ts';
import { checkPolicy, evaluate } from '../../local/iam/evaluate.ts';
import type { PolicyDocument, RequestContext, Statement } from '../../local/iam/policy.ts';
import { createResources } from '../../local/iam/resources.ts';

const policy = (...statements: Partial<Statement>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: '*',
    ...statement,
  })),
});

const decide = (document: PolicyDocument, context: RequestContext = {}, action = 'sqs:SendMessage') =>
  evaluate([document], { action, resource: 'arn:aws:sqs:eu-west-1:000000000000:first', context });

const resources = createResources({
  region: 'eu-west-1',
  accountId: '000000000000',
  partitionKeyOf: () => undefined,
  keyArnOf: () => undefined,
});

describe('evaluating policies', () => {
  it('allows what a statement allows, with wildcards in actions and resources', () => {
    expect(decide(policy({ Action: ['sqs:Send*'], Resource: 'arn:aws:sqs:*:*:fir?t' }))).toBe('allowed');
  });

  it("denies what no statement allows, with AWS's message", () => {
    expect(decide(policy({ Action: 'sqs:ReceiveMessage' }))).toEqual({
      denied: 'because no identity-based policy allows the sqs:SendMessage action',
    });
  });

  it('gives an explicit deny precedence over an allow', () => {
    expect(decide(policy({}, { Effect: 'Deny' }))).toEqual({
      denied: 'with an explicit deny in an identity-based policy',
    });
  });

  it('compares actions case-insensitively and resources case-sensitively', () => {
    expect(decide(policy({ Action: 'SQS:sendmessage' }))).toBe('allowed');
    expect(decide(policy({ Resource: 'arn:aws:sqs:eu-west-1:000000000000:FIRST' }))).not.toBe('allowed');
  });

  it('reads a policy with one statement and no list', () => {
    const document = { Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } };

    expect(decide(document)).toBe('allowed');
  });

  it.each([
    ['NotAction', { Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }],
    ['Principal', { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
    [
      'NumericLessThan',
      { Effect: 'Allow', Action: '*', Resource: '*', Condition: { NumericLessThan: { 'aws:x': '1' } } },
    ],
    [
      'StringEqualsIfExists',
      { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEqualsIfExists: {} } },
    ],
  ])('throws on the unsupported %s and names it', (name, statement) => {
    const document = JSON.parse(JSON.stringify({ Statement: [statement] }));

    expect(() => checkPolicy(document)).toThrow(name);
  });

  it('throws on policy variables', () => {
    const resource = ['arn:aws:sqs:*:*:$', '{aws:username}'].join('');

    expect(() => decide(policy({ Resource: resource }))).toThrow(/variables/);
  });
});

describe('conditions', () => {
  const leading = (operator: string, values: string | string[]): PolicyDocument =>
    policy({ Condition: { [operator]: { 'dynamodb:LeadingKeys': values } } });
  const keys = (...values: string[]): RequestContext => ({ 'dynamodb:LeadingKeys': values });

  it.each([
    ['StringEquals', 'a', keys('a'), true],
    ['StringEquals', 'a', keys('b'), false],
    ['StringEquals', 'a', {}, false],
    ['StringNotEquals', 'a', keys('b'), true],
    ['StringNotEquals', 'a', {}, true],
    ['StringLike', 'ACCOUNT#*', keys('ACCOUNT#1'), true],
    ['StringLike', 'ACCOUNT#*', keys('KEY#1'), false],
    ['ForAllValues:StringEquals', ['a', 'b'], keys('a', 'b'), true],
    ['ForAllValues:StringEquals', ['a'], keys('a', 'b'), false],
    ['ForAllValues:StringLike', ['ACCOUNT#*'], keys('ACCOUNT#1', 'ACCOUNT#2'), true],
    ['ForAllValues:StringLike', ['ACCOUNT#*'], keys('ACCOUNT#1', 'KEY#2'), false],
    ['ForAllValues:StringLike', ['ACCOUNT#*'], {}, true],
    ['Null', 'false', keys('a'), true],
    ['Null', 'false', {}, false],
    ['Null', 'true', {}, true],
    ['Bool', 'true', { 'dynamodb:LeadingKeys': ['true'] }, true],
  ] as const)('%s %j on %j: %s', (operator, values, context, allowed) => {
    const document = leading(operator, typeof values === 'string' ? values : [...values]);

    expect(decide(document, context) === 'allowed').toBe(allowed);
  });

  it('requires all operators and all keys of a condition', () => {
    const document = policy({
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'ACCOUNT#*' },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });

    expect([decide(document, keys('ACCOUNT#1')), decide(document, {}) === 'allowed']).toEqual([
      'allowed',
      false,
    ]);
  });
});

describe('authorizing calls', () => {
  const authorize = createAuthorizer({
    principals: new Map([
      [
        'sender',
        {
          roleName: 'SenderRole',
          functionName: 'Sender',
          policies: [policy({ Resource: 'arn:aws:sqs:*:*:first' })],
        },
      ],
    ]),
    resources,
    accountId: '000000000000',
  });
  const send = (principal: string, queue: string) => (): void =>
    authorize({
      principal,
      service: 'sqs',
      action: 'SendMessage',
      input: { QueueUrl: `http://127.0.0.1/0/${queue}` },
    });

  it('allows the administrator everything and a function what its role allows', () => {
    expect(send('local', 'second')).not.toThrow();
    expect(send('sender', 'first')).not.toThrow();
  });

  it("refuses what the role of a function does not allow, with AWS's message", () => {
    expect(send('sender', 'second')).toThrow(
      'User: arn:aws:sts::000000000000:assumed-role/SenderRole/Sender is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:000000000000:second because no identity-based policy allows the sqs:SendMessage action',
    );
  });

  it('refuses an unknown access key', () => {
    expect(send('AKIDUNKNOWN', 'first')).toThrow(/security token/);
  });
});
