import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/assembly/synthesize.ts';

/**
 * Synthesizes the stack with endpoints on loopback allowed and the given settings, by their environment variables.
 * Deletes the assembly when `use` has ended.
 */
export async function withAssembly<Result>(
  use: (assemblyDirectory: string) => Promise<Result>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-bench-'));
  try {
    const assembly = await synthesize({
      outputDirectory: join(directory, 'cdk.out'),
      variables: { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true', ...settings },
    });
    return await use(assembly);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
