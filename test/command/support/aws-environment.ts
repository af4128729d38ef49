import { devNull } from 'node:os';
import { vi } from 'vitest';

/** A region and credentials, without the AWS configuration of this machine. Undone by `vi.unstubAllEnvs`. */
export function stubAwsEnvironment(): void {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.stubEnv('AWS_CONFIG_FILE', devNull);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', devNull);
}
