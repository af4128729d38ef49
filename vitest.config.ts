import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = {
  'webhook-fanout-catalogue': fileURLToPath(new URL('./event-types.json', import.meta.url)),
};

/** The synthesized stack with its shipped bundles, most of them end to end on the local cloud. */
const journeys = [
  'test/journeys/**/*.test.ts',
  'test/security/{least-privilege,secrets}.test.ts',
  'test/chaos/{bundles,live}.test.ts',
];

export default defineConfig({
  test: {
    // Many tests wait; one for each core still leaves room for the machine.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: journeys,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'journeys',
          include: journeys,
          globalSetup: ['test/journeys/support/synthesize.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // They wait more than they work.
          maxWorkers: 3,
          // After the parts, whose work would delay what journeys measure.
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['lambdas/**', 'lib/**', 'local/**', 'simulate/**'],
      reporter: ['text-summary'],
    },
  },
});
