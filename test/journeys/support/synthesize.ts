import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../../local/assembly/synthesize.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The stack with the default settings: private endpoints are refused. */
    assembly: string;
    /** The stack with private endpoints and web pages of this machine allowed, so that it can deliver to it. */
    privateAssembly: string;
  }
}

/** Synthesizes the stacks once for all journeys, with the bundles that are deployed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-journeys-'));
  const [assembly, privateAssembly] = await Promise.all([
    synthesize({ outputDirectory: join(directory, 'cdk.out') }),
    synthesize({
      outputDirectory: join(directory, 'cdk.out.private'),
      variables: {
        WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true',
        WEBHOOK_FANOUT_CORS_ORIGINS: 'http://localhost:5173',
      },
    }),
  ]);
  project.provide('assembly', assembly);
  project.provide('privateAssembly', privateAssembly);
  return () => rm(directory, { recursive: true, force: true });
}
