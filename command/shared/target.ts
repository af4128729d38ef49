import { findCloud } from '../../local/running-clouds.ts';
import type { Io } from '../verb.ts';
import type { ClientSettings } from './client-settings.ts';
import type { StackDescription } from './describe-stack.ts';
import { selectOutputs } from './select-outputs.ts';

/** The deployed or local stack that a command uses, and the settings to connect to it. */
export interface Target {
  readonly kind: 'aws' | 'local';
  readonly outputs: Readonly<Record<string, string>>;
  readonly clientSettings: ClientSettings;
  /** CloudFormation's description of the stack. Undefined for the local cloud. */
  readonly deployment?: Omit<StackDescription, 'outputs'>;
  /** The account that the local cloud created. Undefined on AWS. */
  readonly accountId?: string;
  /** The catalogue that the target was synthesized with, if it is known. */
  readonly catalogueFile?: string;
}

export interface TargetOptions {
  readonly stack?: string | undefined;
  readonly profile?: string | undefined;
  readonly prefix?: string | undefined;
  readonly port?: string | undefined;
}

/** The stack on AWS with `--stack`, or else the local cloud. Throws when there is none, and states how to correct it. */
export async function findTarget(options: TargetOptions, io: Pick<Io, 'warn'>): Promise<Target> {
  const { stack, profile, prefix, port } = options;
  if (stack === undefined) {
    if (profile !== undefined) throw new Error('--profile needs --stack: the local cloud has no profiles');
    return localTarget(port, prefix);
  }
  if (port !== undefined) throw new Error('give either --stack or --port: a stack on AWS has no port');
  if (!STACK_NAME.test(stack)) {
    throw new Error(`--stack must be the name or ARN of a stack, such as WebhookFanout, got "${stack}"`);
  }
  const clientSettings = profile === undefined ? {} : { profile };
  // Imported only when it is used: the local cloud needs no CloudFormation.
  const { describeStack } = await import('./describe-stack.ts');
  const { outputs, ...deployment } = await describeStack(stack, clientSettings, io);
  return { kind: 'aws', outputs: selectOutputs(outputs, prefix), deployment, clientSettings };
}

export function requireOutput({ outputs }: Pick<Target, 'outputs'>, name: string): string {
  const value = outputs[name];
  if (value !== undefined) return value;
  throw new Error(
    `the stack has no output ${name}; choose a webhook-fanout stack with --stack, or deploy it again if it is older`,
  );
}

/** A name of CloudFormation, or an ARN. With an empty name, CloudFormation describes every stack of the account. */
const STACK_NAME = /^(arn:aws[\w-]*:cloudformation:\S+|[A-Za-z][A-Za-z0-9-]{0,127})$/;

async function localTarget(port: string | undefined, prefix: string | undefined): Promise<Target> {
  const cloud = await findCloud(port === undefined ? undefined : readPort(port));
  return {
    kind: 'local',
    outputs: selectOutputs(cloud.outputs, prefix),
    accountId: cloud.accountId,
    ...(cloud.catalogueFile === undefined ? {} : { catalogueFile: cloud.catalogueFile }),
    clientSettings: {
      endpoint: cloud.awsEndpoint,
      region: cloud.region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port must be a number from 0 to 65535, got "${text}"`);
}
