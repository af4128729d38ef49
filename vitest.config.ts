import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { 'webhook-fanout-catalogue': new URL('./event-types.json', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    coverage: { provider: 'v8', include: ['lambdas/**', 'lib/**', 'local/**'], reporter: ['text-summary'] },
  },
});
