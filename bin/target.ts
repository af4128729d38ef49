import { readPort } from '../local/options.ts';
import { findCloud } from '../local/running-clouds.ts';

/** The deployed or local stack that a command works on, and how to reach it. */
export interface Target {
  readonly outputs: Readonly<Record<string, string>>;
  /** For every SDK client: empty for AWS, where the operator's own settings hold. */
  readonly clientSettings: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The account that the local cloud made; undefined on AWS. */
  readonly accountId?: string;
  /** The catalogue that the target was synthesized with, where that is known. */
  readonly catalogueFile?: string;
}

export const TARGET_USAGE = `  --port <n>      API port of the local cloud, where several run
  --stack <name>  a stack that is deployed to AWS, with your own credentials
  --help          this text
`;

/** `--stack` is on AWS; otherwise it is the local cloud. Throws, saying what to do, when there is none. */
export async function findTarget(options: { stack?: string; port?: string }): Promise<Target> {
  if (options.stack !== undefined) {
    if (options.port !== undefined)
      throw new Error('give either --stack or --port: a stack on AWS has no port');
    return { outputs: await stackOutputs(options.stack), clientSettings: {} };
  }
  const cloud = await findCloud(options.port === undefined ? undefined : readPort(options.port));
  return {
    outputs: cloud.outputs,
    accountId: cloud.accountId,
    ...(cloud.catalogueFile === undefined ? {} : { catalogueFile: cloud.catalogueFile }),
    clientSettings: {
      endpoint: cloud.awsEndpoint,
      region: cloud.region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  };
}

export function requireOutput({ outputs }: Target, name: string): string {
  const value = outputs[name];
  if (value !== undefined) return value;
  throw new Error(`the stack has no output ${name}; is it a webhook-fanout stack, and up to date?`);
}

async function stackOutputs(stackName: string): Promise<Record<string, string>> {
  // Loaded only when it is needed: the local cloud has no CloudFormation.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient({});
  await cloudFormation.config.region().catch((cause: unknown) => {
    throw new Error("the stack's region is not known: set AWS_REGION (or AWS_PROFILE's region)", { cause });
  });
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
  cloudFormation.destroy();
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}
