import { parseArgs } from 'node:util';

export const USAGE = `Runs the stack on this machine, without an AWS account, and shows an event on its way.

npm start -- [options]
  --json          no demonstration: one line of JSON when ready, then silence
  --port <n>      port of the customers' API; default: a free one
  --assembly <d>  run what "cdk synth" left in this directory; default: synthesize
  --verbose       the functions' log lines on standard error
  --help          this text
`;

export interface Options {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly port?: number;
  readonly assembly?: string;
}

/** Throws, saying what is wrong, on arguments that it does not know. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string' },
      assembly: { type: 'string' },
    },
  });
  const { json, verbose, help, assembly, port } = values;
  if (help) return 'help';
  return {
    json,
    verbose,
    ...(port === undefined ? {} : { port: readPort(port) }),
    ...(assembly === undefined ? {} : { assembly }),
  };
}

export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port must be a number from 0 to 65535, got "${text}"`);
}
