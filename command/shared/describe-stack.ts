import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Io } from '../verb.ts';
import type { ClientSettings } from './client-settings.ts';

/** CloudFormation's description of a stack. */
export interface StackDescription {
  readonly outputs: Readonly<Record<string, string>>;
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** The version of the CDK bootstrap stack at the last deployment, if the template requires one. */
  readonly bootstrapVersion?: string;
}

/** Throws when there is no such stack. */
export async function describeStack(
  name: string,
  clientSettings: ClientSettings,
  io: Pick<Io, 'warn'>,
): Promise<StackDescription> {
  const cloudFormation = new CloudFormationClient(clientSettings);
  warnOfLoopback(cloudFormation, name, io);
  try {
    const region = await cloudFormation.config.region().catch((cause: unknown) => {
      throw new Error("the stack's region is not known: set AWS_REGION (or AWS_PROFILE's region)", { cause });
    });
    const { Stacks = [] } = await cloudFormation
      .send(new DescribeStacksCommand({ StackName: name }))
      .catch((cause: unknown) => {
        const { profile } = clientSettings;
        if (profile !== undefined && cause instanceof Error && cause.name === 'CredentialsProviderError') {
          throw new Error(
            `the profile "${profile}" gives no credentials: check its name in the AWS configuration files, or sign in with "aws sso login --profile ${profile}"`,
            { cause },
          );
        }
        if (!isMissingStack(cause)) throw cause;
        throw new Error(
          `there is no stack ${name} in ${region}; check its name, AWS_REGION and AWS_PROFILE (or --profile)`,
          { cause },
        );
      });
    const [stack] = Stacks;
    const bootstrapVersion = stack?.Parameters?.find(
      ({ ParameterKey }) => ParameterKey === 'BootstrapVersion',
    )?.ResolvedValue;
    return {
      outputs: Object.fromEntries(
        (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
      status: stack?.StackStatus ?? 'unknown',
      ...(bootstrapVersion === undefined ? {} : { bootstrapVersion }),
    };
  } finally {
    cloudFormation.destroy();
  }
}

/** Checks the request's host: the SDK takes the endpoint from several variables and configuration files. */
function warnOfLoopback(cloudFormation: CloudFormationClient, name: string, io: Pick<Io, 'warn'>): void {
  let warned = false;
  cloudFormation.middlewareStack.add(
    (next) => (args) => {
      const { hostname = '', port } = args.request as { hostname?: string; port?: number };
      if (!warned && isLoopback(hostname)) {
        warned = true;
        io.warn(
          `--stack ${name} is looked up at ${hostname}${port === undefined ? '' : `:${port}`}, on this machine and not on AWS: ` +
            'unset AWS_ENDPOINT_URL (or endpoint_url of the profile) for AWS, or omit --stack for the local cloud',
        );
      }
      return next(args);
    },
    { step: 'finalizeRequest', name: 'warnOfLoopback' },
  );
}

function isLoopback(hostname: string): boolean {
  return /^(127\.|\[?::1\]?$|localhost$|.*\.localhost$)/.test(hostname);
}

export function isMissingStack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
}
