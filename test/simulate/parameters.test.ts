import { describe, expect, it } from 'vitest';
import { LANES } from '../../lambdas/shared/domain/lane.ts';
import { MEMORY_MB } from '../../simulate/bill.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';
import { synthesize } from '../infrastructure/synthesize.ts';

describe('the parameters of the simulator', () => {
  it.each(LANES)('are those of the deployed %s lane', (lane) => {
    const [source] = synthesize().sources(lane);
    const { MemorySize } = synthesize().functionProperties(lane);

    expect(DEPLOYED[lane].batchSize).toBe(source?.BatchSize);
    expect(DEPLOYED[lane].maxConcurrency).toBe(source?.ScalingConfig.MaximumConcurrency);
    expect(MEMORY_MB[lane]).toBe(MemorySize);
  });

  it('have the deployed memory of the dispatcher', () => {
    expect(MEMORY_MB.dispatch).toBe(synthesize().functionProperties('dispatch-event').MemorySize);
  });

  it('have the deployed window of a slow batch', () => {
    const [source] = synthesize().sources('slow');

    expect(DEPLOYED.slow.windowMs).toBe(source?.MaximumBatchingWindowInSeconds * 1000);
  });
});
