import { devNull } from 'node:os';
import type { FunctionSettings } from '../assembly/stack.ts';
import { ADMINISTRATOR } from '../aws-calls.ts';

/** A function's access key id. Each function has its own, so that its calls are checked against its role. */
export function principalOf({ name }: FunctionSettings): string {
  return name;
}

/** The environment variables that Lambda adds to the template's, and those that hide the host's AWS settings. */
export function runtimeVariables(
  fn: FunctionSettings,
  { endpointUrl, region }: { readonly endpointUrl: string; readonly region: string },
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: principalOf(fn),
    AWS_CONFIG_FILE: devNull,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroupName,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: ADMINISTRATOR,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    LAMBDA_TASK_ROOT: fn.directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
