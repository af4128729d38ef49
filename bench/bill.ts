import { parseArgs } from 'node:util';
import { readAmount } from './bill/read-amount.ts';
import {
  type BillInput,
  formatMarkdown,
  formatMonth,
  type MonthReport,
  reportOfMonth,
} from './bill/report.ts';
import { runCommand } from './shared/command.ts';

const HELP = `npm run cost -- [options]

Prints what AWS bills for a month: by line, with the fixed costs, storage, logs and data transfer, and what each option
would change. The counts of calls are those of the local cloud's meter; local/metering/prices.json has the prices.

  --events 5000000       events a month
  --fan-out 3            webhooks that match an event
  --payload 2k           bytes of an event's data; k is 1,024
  --failure-rate 0.02    share of the attempts that fail, 0 to 1
  --receiver-ms 150      response time of the endpoints
  --json                 one JSON object
  --markdown             the tables of docs/cost.md

Not included: the customers' API, test events, and data transfer from endpoints, which is free.`;

const text = (value: string) => ({ type: 'string', default: value }) as const;

await runCommand<MonthReport>((args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: text('5000000'),
      'fan-out': text('3'),
      payload: text('2k'),
      'failure-rate': text('0.02'),
      'receiver-ms': text('150'),
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const common = {
    help: HELP,
    format: values.markdown ? formatMarkdown : formatMonth,
    failures: () => [],
    json: values.json,
  };
  if (values.help) return { ...common, measure: undefined };
  const input: BillInput = {
    events: readAmount('events', values.events, { min: 1 }),
    fanOut: readAmount('fan-out', values['fan-out'], { min: 1, max: 1_000 }),
    payloadBytes: readAmount('payload', values.payload, { min: 0, max: 256 * 1024 }),
    failureRate: readAmount('failure-rate', values['failure-rate'], { min: 0, max: 1 }),
    receiverMs: readAmount('receiver-ms', values['receiver-ms'], { min: 0, max: 30_000 }),
  };
  return { ...common, measure: async () => reportOfMonth(input) };
});
