import type { Cloud } from '../cloud.ts';
import type { Printer } from './printer.ts';

export interface HowToDependencies {
  readonly cloud: Pick<Cloud, 'apiUrl' | 'awsEndpoint' | 'region' | 'outputs'>;
  readonly apiKey: string;
  readonly accountId: string;
  readonly receiverUrl: string;
  readonly secret: string;
  readonly printer: Printer;
}

/** What to paste next. */
export function printHowTo({
  cloud,
  apiKey,
  accountId,
  receiverUrl,
  secret,
  printer,
}: HowToDependencies): void {
  const webhook = { url: `${receiverUrl}/mine`, events: ['*'], secret };
  const entry = {
    EventBusName: cloud.outputs.EventBusName,
    Source: 'me',
    DetailType: 'user.registered',
    Detail: JSON.stringify({ account_id: accountId, data: { user_id: 'user_1' } }),
  };
  const blocks: [string, string[]][] = [
    [
      'It stays up. Ctrl-C stops it and shows what was metered.',
      [`API      ${cloud.apiUrl}`, `API key  ${apiKey}`],
    ],
    [
      'Register a webhook (its requests appear here)',
      [
        `curl -X POST ${cloud.apiUrl}/v1/webhooks \\`,
        `  -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
        `  -d '${JSON.stringify(webhook)}'`,
      ],
    ],
    [
      'Publish an event',
      [
        'npm run publish-event -- user.registered',
        `npm run publish-event -- user.registered '{"user_id":"user_1"}'`,
      ],
    ],
    [
      'The same with any AWS SDK or command line: access key id "local", any secret',
      [
        `export AWS_ENDPOINT_URL=${cloud.awsEndpoint} AWS_REGION=${cloud.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
        `aws events put-events --entries '${JSON.stringify([entry])}'`,
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
