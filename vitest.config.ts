import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = {
  'webhook-fanout-catalogue': fileURLToPath(new URL('./event-types.json', import.meta.url)),
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/journeys/**'],
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          // End to end: the synthesized stack and its shipped bundles on the local cloud.
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          globalSetup: ['test/journeys/support/synthesize.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['lambdas/**', 'lib/**', 'local/**'], reporter: ['text-summary'] },
  },
});
