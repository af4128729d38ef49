import type { PublishableType } from '../catalogue.ts';
import type { Cloud } from '../cloud.ts';
import { SECRET_PATH } from '../receiver/receiver.ts';
import type { Printer } from './printer.ts';

export interface HowToDependencies {
  readonly cloud: Pick<Cloud, 'apiUrl' | 'apiPort' | 'awsEndpoint' | 'region' | 'outputs'>;
  readonly apiKey: string;
  /** Absent: the stack has no console. */
  readonly consoleLink?: string;
  readonly accountId: string;
  readonly receiverUrl: string;
  readonly secret: string;
  /** The type of the example event. */
  readonly type: PublishableType;
  readonly printer: Printer;
}

/** Longer examples are hard to read on a terminal. */
const MAX_EXAMPLE_CHARACTERS = 200;

/** Prints commands that the user can paste. */
export function printHowTo({
  cloud,
  apiKey,
  consoleLink,
  accountId,
  receiverUrl,
  secret,
  type,
  printer,
}: HowToDependencies): void {
  const webhook = { url: `${receiverUrl}/mine`, events: ['*'], secret };
  const data = shortExample(type);
  const publish = `npx webhook-fanout publish ${type.name}`;
  const port = `--port ${cloud.apiPort}`;
  const entry = {
    EventBusName: cloud.outputs.EventBusName,
    Source: 'me',
    DetailType: type.name,
    Detail: JSON.stringify({ account_id: accountId, data }),
  };
  const blocks: [string, string[]][] = [
    [
      'The cloud keeps running. Ctrl-C stops it and prints the metered usage.',
      [`API      ${cloud.apiUrl}`, `API key  ${apiKey}`],
    ],
    ...consoleBlocks(consoleLink, port),
    [
      'Register a webhook (its requests are printed here)',
      [
        `curl -X POST ${cloud.apiUrl}/v1/webhooks \\`,
        `  -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
        `  -d ${quote(webhook)}`,
      ],
    ],
    [
      'Without "secret" the API generates a secret, and returns it once. The receiver verifies signatures, so it needs the secret',
      [
        `curl -X PUT ${receiverUrl}${SECRET_PATH} -d 'whsec_…'`,
        `curl -X POST ${cloud.apiUrl}/v1/webhooks/wh_…/verify -H 'Authorization: Bearer ${apiKey}'`,
      ],
    ],
    ['Publish an event', [`${publish} ${port}`, `${publish} ${quote(data)} ${port}`]],
    [
      'Publish an event, and learn whether it was delivered, refused or unmatched',
      [`${publish} --wait ${port}`],
    ],
    [
      'The same with any AWS SDK or command line: access key id "local", any secret',
      [
        // boto3 and the AWS CLI read AWS_DEFAULT_REGION, the other SDKs AWS_REGION.
        `export AWS_ENDPOINT_URL=${cloud.awsEndpoint} AWS_REGION=${cloud.region} AWS_DEFAULT_REGION=${cloud.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
        `aws events put-events --entries ${quote([entry])}`,
      ],
    ],
  ];
  for (const [heading, lines] of blocks) {
    printer.line();
    printer.heading(heading);
    for (const line of lines) printer.line(`  ${line}`);
  }
  printer.line();
}

function consoleBlocks(link: string | undefined, port: string): [string, string[]][] {
  if (link === undefined) return [];
  const heading =
    'See the webhooks and deliveries in the console (the link works once; the command prints another)';
  return [[heading, [link, `npx webhook-fanout portal ${port}`]]];
}

/** The example of the type, or an empty object, which is valid data, too. */
function shortExample({ example }: PublishableType): Readonly<Record<string, unknown>> {
  return JSON.stringify(example).length <= MAX_EXAMPLE_CHARACTERS ? example : {};
}

/** JSON, quoted for a shell. */
function quote(json: unknown): string {
  return `'${JSON.stringify(json).replaceAll("'", "'\\''")}'`;
}
