import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  type AssemblyContent,
  allow,
  getAtt,
  queue,
  ref,
  type TemplateResource,
  writeAssembly,
} from '../support/assembly.ts';
import { afterFile } from '../support/file-clean-up.ts';
import { until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Hides the region and the catalogue of the user who runs the tests. */
const VARIABLES = {
  ...process.env,
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  WEBHOOK_FANOUT_EVENT_CATALOGUE: '',
};

/** Starts a script of this project. It is stopped after the last test of the file. */
export function runScript(script: string, args: readonly string[], variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...VARIABLES, ...variables },
  });
  afterFile(() => stop(child));
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.err += chunk;
  });
  const ended = once(child, 'close').then(([code]): number => code);
  return { child, output, ended };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

export async function runScriptToEnd(
  script: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const { output, ended } = runScript(script, args);
  return { code: await ended, ...output };
}

const table: TemplateResource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  },
};

/** The resources and outputs that `local/start.ts` and the commands use. */
export const MINIMAL_STACK: AssemblyContent = {
  resources: {
    Webhooks: table,
    SecretsKey: { Type: 'AWS::KMS::Key', Properties: {} },
    Queue: queue(),
    Events: queue(),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: ref('Bus'),
        EventPattern: { source: [{ prefix: '' }] },
        Targets: [{ Id: 'Target0', Arn: getAtt('Events') }],
      },
    },
    EventsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref('Events')],
        PolicyDocument: {
          Statement: [{ ...allow('sqs:SendMessage', getAtt('Events')), Principal: '*' }],
        },
      },
    },
  },
  outputs: {
    EventBusName: ref('Bus'),
    WebhooksTableName: ref('Webhooks'),
    SecretsKeyId: ref('SecretsKey'),
    DeliveriesTableName: ref('Webhooks'),
    ExhaustedQueueUrl: ref('Queue'),
    PoisonQueueUrl: ref('Queue'),
    UnreadableQueueUrl: ref('Queue'),
    UndispatchedQueueUrl: ref('Queue'),
    EventsQueueUrl: ref('Events'),
  },
};

/** Starts a local cloud with `--json`, and waits until it is ready. */
export async function startCloudProcess(
  options: { variables?: Record<string, string>; assembly?: string; args?: readonly string[] } = {},
) {
  const assembly = options.assembly ?? (await writeAssembly(MINIMAL_STACK));
  const cloud = runScript(
    'local/start.ts',
    ['--json', '--port', '0', '--assembly', assembly, ...(options.args ?? [])],
    options.variables,
  );
  const line = await until('the line of JSON', () =>
    cloud.output.out.includes('\n') ? cloud.output.out : undefined,
  );
  const apiUrl = String(JSON.parse(line).api_url);
  return { ...cloud, apiUrl, port: new URL(apiUrl).port };
}
