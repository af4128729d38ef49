import { type ParseArgsConfig, parseArgs } from 'node:util';
import { FAULT_FORMS, parseFault } from './faults/parse-fault.ts';

export const USAGE = `Runs the stack on this machine, without an AWS account, and shows an event on its way.

npm start -- [options]
  --json          no demonstration: one line of JSON when ready, then silence
  --port <n>      port of the customers' API; default: a free one
  --assembly <d>  run what "cdk synth" left in this directory; default: synthesize
  --fault <f>     something that goes wrong, in one of the forms below; may be given several times
  --verbose       the functions' log lines on standard error
  --help          this text

With AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 it uses the DynamoDB at that address, such as DynamoDB Local,
and keeps its tables there; default: one in this process, which forgets everything.

npm start -- --fault 'kill FirstLane after-post nth=2' --fault 'delay kms:Decrypt 500ms'
${FAULT_FORMS}`;

export interface Options {
  readonly json: boolean;
  readonly verbose: boolean;
  /** In one of the forms of `FAULT_FORMS`; checked. */
  readonly faults: readonly string[];
  readonly port?: number;
  readonly assembly?: string;
}

/** Throws an error with the reason for invalid arguments. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArguments({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string' },
      assembly: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const { json, verbose, help, assembly, port, fault: faults } = values;
  if (help) return 'help';
  // Fail before anything is started.
  for (const fault of faults) parseFault(fault);
  return {
    json,
    verbose,
    faults,
    ...(port === undefined ? {} : { port: readPort(port) }),
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

export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port must be a number from 0 to 65535, got "${text}"`);
}
