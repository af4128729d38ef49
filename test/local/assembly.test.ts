import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveIntrinsics, type Scope } from '../../local/assembly/intrinsics.ts';
import { loadStack } from '../../local/assembly/load-stack.ts';
import type { Stack } from '../../local/assembly/stack.ts';
import { allow, getAtt, lambdaFunction, queue, ref, role, writeAssembly } from '../support/assembly.ts';

const DEPLOYMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:1000',
  apiUrl: 'http://127.0.0.1:2000',
};

async function load(content: Parameters<typeof writeAssembly>[0]): Promise<Stack> {
  return loadStack(await writeAssembly(content), DEPLOYMENT);
}

describe('a stack', () => {
  it('reads a queue with its delays, its dead-letter queue and its loopback URL', async () => {
    const resources = {
      First: queue({
        DelaySeconds: 5,
        VisibilityTimeout: 120,
        MessageRetentionPeriod: 600,
        RedrivePolicy: { deadLetterTargetArn: getAtt('Dead'), maxReceiveCount: 20 },
      }),
      Dead: queue({ QueueName: 'dead' }),
    };

    const stack = await load({ resources, outputs: { Url: ref('First') } });

    expect(stack.queues[0]).toEqual({
      name: 'Shop-First',
      arn: 'arn:aws:sqs:us-east-1:000000000000:Shop-First',
      url: 'http://127.0.0.1:1000/000000000000/Shop-First',
      delaySeconds: 5,
      visibilityTimeoutSeconds: 120,
      retentionSeconds: 600,
      maximumMessageBytes: 1024 * 1024,
      redrive: { deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 20 },
    });
    expect(stack.outputs).toEqual({ Url: 'http://127.0.0.1:1000/000000000000/Shop-First' });
  });

  it("gives a function its bundle, its environment and its role's inline and attached policies", async () => {
    const resources = {
      Jobs: queue(),
      workRole: role(allow('sqs:ReceiveMessage', getAtt('Jobs'))),
      More: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'More',
          PolicyDocument: { Statement: [allow(['sqs:SendMessage'], '*')] },
          Roles: [ref('workRole')],
        },
      },
      Work: lambdaFunction('work', { Environment: { Variables: { QUEUE: ref('Jobs') } } }),
    };

    const stack = await load({ resources, bundles: { work: '' } });

    const [fn] = stack.functions;
    expect(fn?.directory).toMatch(/asset\.work$/);
    expect(fn?.environment).toEqual({ QUEUE: 'http://127.0.0.1:1000/000000000000/Shop-Jobs' });
    expect(fn?.role.policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action))).toEqual([
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });

  it("ignores the CDK's own elements, by name", async () => {
    const stack = await load({
      resources: { CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'x' } } },
      sections: {
        Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>' } },
        Rules: { CheckBootstrapVersion: {} },
        Conditions: { CDKMetadataAvailable: {} },
      },
    });

    expect(stack.queues).toEqual([]);
  });

  it.each([
    ['a resource type', { resources: { A: { Type: 'AWS::Kinesis::Stream' } } }, 'AWS::Kinesis::Stream'],
    ['a property', { resources: { A: queue({ FifoQueue: true }) } }, 'FifoQueue'],
    [
      'an intrinsic',
      { resources: { A: queue({ QueueName: { 'Fn::ImportValue': 'x' } }) } },
      'Fn::ImportValue',
    ],
    ['an attribute', { resources: { A: queue() }, outputs: { X: getAtt('A', 'Colour') } }, 'Colour'],
    ['a reference', { outputs: { X: ref('Nothing') } }, 'Nothing'],
    ['a parameter', { sections: { Parameters: { Stage: { Type: 'String' } } } }, 'Stage'],
    ['a condition', { sections: { Conditions: { IsProduction: {} } } }, 'IsProduction'],
    ['a section', { sections: { Transform: 'AWS::Serverless-2016-10-31' } }, 'Transform'],
    [
      'a managed policy of a function',
      {
        resources: {
          workRole: { ...role(), Properties: { AssumeRolePolicyDocument: {}, ManagedPolicyArns: ['arn:x'] } },
          Work: lambdaFunction('work'),
        },
        bundles: { work: '' },
      },
      'function Work: its role has managed policies',
    ],
  ])('refuses an unsupported %s and names it', async (_what, content, name) => {
    await expect(load(content)).rejects.toThrow(name);
  });

  it('refuses environment variables above the size limit of Lambda', async () => {
    const Variables = { LONG: 'x'.repeat(4096) };
    const resources = { workRole: role(), Work: lambdaFunction('work', { Environment: { Variables } }) };

    await expect(load({ resources, bundles: { work: '' } })).rejects.toThrow('4100 bytes');
  });

  it('refuses a bundle that was not synthesized', async () => {
    const resources = { workRole: role(), Work: lambdaFunction('work') };

    await expect(load({ resources })).rejects.toThrow('work.zip');
  });
});

describe('intrinsics', () => {
  const scope: Scope = { ref: (name) => `ref(${name})`, attribute: (id, attribute) => `${id}(${attribute})` };

  it.each([
    [{ Ref: 'A' }, 'ref(A)'],
    [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'A(Arn)'],
    [{ 'Fn::GetAtt': 'A.Arn' }, 'A(Arn)'],
    [{ 'Fn::Join': ['-', ['x', { Ref: 'A' }]] }, 'x-ref(A)'],
    [{ 'Fn::Split': ['-', 'x-y'] }, ['x', 'y']],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', 'x-y'] }] }, 'y'],
    [{ 'Fn::Sub': `\${A}/\${A.Arn}/\${!A}` }, `ref(A)/A(Arn)/\${A}`],
    [{ 'Fn::Sub': [`\${own}`, { own: { Ref: 'A' } }] }, 'ref(A)'],
    [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    [
      { Ref: 'A', other: 1 },
      { Ref: 'A', other: 1 },
    ],
  ])('resolves %j', (value, expected) => {
    expect(resolveIntrinsics(value, scope)).toEqual(expected);
  });

  it('joins the parts of a split text to the same text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, separator) => {
        const round = { 'Fn::Join': [separator, { 'Fn::Split': [separator, text] }] };

        expect(resolveIntrinsics(round, scope)).toBe(text);
      }),
    );
  });

  it('does not change a value without intrinsics', () => {
    const plain = fc.jsonValue().filter((value) => !/"(Ref|Fn::|__proto__)/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        expect(resolveIntrinsics(value, scope)).toEqual(value);
      }),
    );
  });
});
