import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Stack } from '../../local/assembly/stack.ts';
import type { FunctionCode } from './function-code.ts';
import { REGION } from './simulated-cloud.ts';

/** Loads the functions' code from the bundles of the synthesized stack. */
export async function loadBundles(stack: Stack): Promise<FunctionCode> {
  return {
    'create-portal-link': await loadBundle(stack, 'create-portal-link'),
    'dispatch-event': await loadBundle(stack, 'dispatch-event'),
    'recover-deliveries': await loadBundle(stack, 'recover-deliveries'),
    'send-delivery': await loadBundle(stack, 'send-delivery'),
    'serve-api': await loadBundle(stack, 'serve-api'),
    'serve-console': await loadBundle(stack, 'serve-console'),
  };
}

async function loadBundle<Step extends keyof FunctionCode>(
  { functions }: Stack,
  step: Step,
): Promise<FunctionCode[Step]> {
  const fn = functions.find(({ environment }) => environment.POWERTOOLS_SERVICE_NAME === step);
  if (fn === undefined) throw new Error(`the stack has no function for ${step}`);
  const [file] = fn.handler.split('.');
  // The module also creates its own handler, which is not used but needs the environment variables.
  // Lambda sets the region.
  const variables = { AWS_REGION: REGION, ...fn.environment };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await import(pathToFileURL(path.join(fn.directory, `${file}.mjs`)).href);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
