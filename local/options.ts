import { type ParseArgsConfig, parseArgs } from 'node:util';
import { FAULT_FORMS, parseFault } from './faults/parse-fault.ts';

export const USAGE = `Runs the stack on this machine, without an AWS account, and demonstrates the delivery of events.

npm start -- [options]
  --json          no demonstration; prints one line of JSON when ready, and nothing else
  --port <n>      port of the customers' API; default: a free one
  --assembly <d>  runs the output directory of "cdk synth"; default: synthesizes the stack
  --fault <f>     injects a fault, in one of the forms below; may be given several times
  --verbose       prints the functions' log lines on standard error
  --inspect[=<n>] opens Node's inspector for a debugger on this port; default: 9229
  --help          prints this text

With AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 it uses the DynamoDB at that address, such as DynamoDB Local,
and keeps its tables there. Default: a DynamoDB in this process, whose tables are lost when it ends.

With --inspect each execution environment of a function is a worker thread that a debugger can pause:
  VS Code: attach with {"type": "node", "request": "attach", "port": 9229}
  Chrome:  open chrome://inspect, then "Open dedicated DevTools for Node"
Set breakpoints in the TypeScript files: the bundles are not minified and have source maps. Timeouts of functions and of
the API are suspended. SQS's visibility timeouts are not: a message is redelivered while its function is paused. For an
assembly of your own, run "cdk synth" with WEBHOOK_FANOUT_SOURCE_MAPS=true.

npm run dev -- [options] does the same, and restarts after each change in lambdas/, lib/, local/ or event-types.json.

npm start -- --fault 'kill FirstLane after-post nth=2' --fault 'delay kms:Decrypt 500ms'
${FAULT_FORMS}`;

/** Node's own default. */
const DEFAULT_INSPECT_PORT = 9229;

export interface Options {
  readonly json: boolean;
  readonly verbose: boolean;
  /** In one of the forms of `FAULT_FORMS`; checked. */
  readonly faults: readonly string[];
  readonly port?: number;
  /** The inspector's port; absent: no inspector. */
  readonly inspectPort?: number;
  readonly assembly?: string;
}

/** Throws an error with the reason for invalid arguments. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArguments({
    // The value of --inspect is optional, which `parseArgs` does not support.
    args: args.map((arg) => (arg === '--inspect' ? `--inspect=${DEFAULT_INSPECT_PORT}` : arg)),
    options: {
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string' },
      inspect: { type: 'string' },
      assembly: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const { json, verbose, help, assembly, port, inspect, fault: faults } = values;
  if (help) return 'help';
  // Fail before anything is started.
  for (const fault of faults) parseFault(fault);
  return {
    json,
    verbose,
    faults,
    ...(port === undefined ? {} : { port: readPort(port) }),
    ...(inspect === undefined ? {} : { inspectPort: readPort(inspect, '--inspect') }),
    ...(assembly === undefined ? {} : { assembly }),
  };
}

/** Node's `parseArgs`, with shorter error messages. */
export function parseArguments<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const [sentence] = cause.message.split(/\.(?:\s|$)/, 1);
    throw new Error(`${sentence}; see --help`, { cause });
  }
}

export function readPort(text: string, option = '--port'): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`${option} must be a number from 0 to 65535, got "${text}"`);
}
