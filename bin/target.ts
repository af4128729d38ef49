import { readPort } from '../local/options.ts';
import { findCloud } from '../local/running-clouds.ts';

/** The deployed or local stack that a command uses, and the settings to connect to it. */
export interface Target {
  readonly outputs: Readonly<Record<string, string>>;
  /** Settings of every SDK client. Empty for AWS: the SDK reads the operator's own settings. */
  readonly clientSettings: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The account that the local cloud created. Undefined on AWS. */
  readonly accountId?: string;
  /** The catalogue that the target was synthesized with, if it is known. */
  readonly catalogueFile?: string;
}

export const TARGET_USAGE = `  --port <n>      API port of the local cloud, if several run
  --stack <name>  a stack that is deployed to AWS, with your own credentials
  --help          prints this text
`;

/** The stack on AWS with `--stack`, or else the local cloud. Throws when there is none, and states how to correct it. */
export async function findTarget(options: { stack?: string; port?: string }): Promise<Target> {
  if (options.stack !== undefined) {
    if (options.port !== undefined)
      throw new Error('give either --stack or --port: a stack on AWS has no port');
    if (!STACK_NAME.test(options.stack)) {
      throw new Error(
        `--stack must be the name or ARN of a stack, such as WebhookFanout, got "${options.stack}"`,
      );
    }
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
  throw new Error(
    `the stack has no output ${name}; choose a webhook-fanout stack with --stack, or deploy it again if it is older`,
  );
}

/** A name of CloudFormation, or an ARN. With an empty name, CloudFormation describes every stack of the account. */
const STACK_NAME = /^(arn:aws[\w-]*:cloudformation:\S+|[A-Za-z][A-Za-z0-9-]{0,127})$/;

async function stackOutputs(stackName: string): Promise<Record<string, string>> {
  // Imported only when it is used: it is not needed for the local cloud.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient({});
  const region = await cloudFormation.config.region().catch((cause: unknown) => {
    throw new Error("the stack's region is not known: set AWS_REGION (or AWS_PROFILE's region)", { cause });
  });
  const { Stacks = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((cause: unknown) => {
      if (!isMissingStack(cause)) throw cause;
      throw new Error(
        `there is no stack ${stackName} in ${region}; check its name, AWS_REGION and AWS_PROFILE`,
        { cause },
      );
    });
  cloudFormation.destroy();
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

function isMissingStack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
}
