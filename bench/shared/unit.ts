import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FunctionSettings } from '../../local/assembly/stack.ts';
import { runtimeVariables } from '../../local/lambda/runtime-variables.ts';
import type { Ended, FromFunction, Loaded, State, ToFunction } from '../units/function-protocol.ts';

const PROGRAM = fileURLToPath(new URL('../units/function.ts', import.meta.url));

export interface UnitSettings {
  readonly fn: FunctionSettings;
  /** The AWS endpoint that the function calls. */
  readonly endpointUrl: string;
  readonly region: string;
  /** PEM file of the authority that signed the endpoints' certificates. */
  readonly caFile: string;
}

/** A process with one function's bundle: the unit under test. It is one execution environment. */
export interface Unit {
  /** Time and CPU time of the bundle's import. */
  readonly loaded: Loaded;
  /** Call it again only after the previous call has ended. Throws when the handler threw. */
  invoke(event: unknown): Promise<Ended>;
  state(): Promise<State>;
  close(): void;
}

export async function startUnit({ fn, endpointUrl, region, caFile }: UnitSettings): Promise<Unit> {
  const child = fork(PROGRAM, [], {
    env: {
      ...runtimeVariables(fn, { endpointUrl, region }),
      ...(fn.jsonLogging === undefined
        ? {}
        : { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: fn.jsonLogging.applicationLevel }),
      ...fn.environment,
      NODE_EXTRA_CA_CERTS: caFile,
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [file = 'index', exportName = 'handler'] = fn.handler.split('.');
  const bundle = ['.mjs', '.js']
    .map((end) => join(fn.directory, file + end))
    .find((path) => existsSync(path));
  if (bundle === undefined) throw new Error(`there is no bundle of ${fn.name} in ${fn.directory}`);
  const sendToUnit = (message: ToFunction): Promise<FromFunction> => request(child, message);
  const loaded = await sendToUnit({ kind: 'load', module: pathToFileURL(bundle).href, exportName });
  if (loaded.kind !== 'loaded') throw new Error(`${fn.name} did not load`);
  return {
    loaded,
    async invoke(event) {
      const context = {
        awsRequestId: randomUUID(),
        functionName: fn.name,
        functionVersion: '$LATEST',
        invokedFunctionArn: fn.arn,
        memoryLimitInMB: String(fn.memoryMb),
        timeoutMs: fn.timeoutMs,
      };
      const ended = await sendToUnit({ kind: 'invoke', event: JSON.stringify(event), context });
      if (ended.kind !== 'ended') throw new Error(`${fn.name} did not answer`);
      if (ended.error !== undefined) throw new Error(`${fn.name} failed: ${ended.error}`);
      return ended;
    },
    async state() {
      const state = await sendToUnit({ kind: 'state' });
      if (state.kind !== 'state') throw new Error(`${fn.name} did not report its state`);
      return state;
    },
    close: () => void child.kill(),
  };
}

/** A process answers each message of one kind with one message. A state may be requested while an event runs. */
function request(child: ChildProcess, message: ToFunction): Promise<FromFunction> {
  const answer = { load: 'loaded', invoke: 'ended', state: 'state' }[message.kind];
  return new Promise((resolve, reject) => {
    const onMessage = (reply: FromFunction): void => {
      if (reply.kind === answer) settle(() => resolve(reply));
    };
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`the unit under test ended with exit code ${code}`)));
    const settle = (act: () => void): void => {
      child.off('message', onMessage).off('exit', onExit);
      act();
    };
    child.on('message', onMessage).on('exit', onExit);
    child.send(message);
  });
}
