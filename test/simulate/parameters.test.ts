import { describe, expect, it } from 'vitest';
import { MEMORY_MB } from '../../simulate/bill.ts';
import { DEPLOYED, LANE_NAMES } from '../../simulate/parameters.ts';
import { synthesize } from '../infrastructure/synthesize.ts';

describe('what the simulator takes for deployed', () => {
  it.each(LANE_NAMES)('is deployed: how the %s lane is fed, and with how much memory', (lane) => {
    const [source] = synthesize().sources(lane);
    const { MemorySize } = synthesize().functionProperties(lane);

    expect(DEPLOYED[lane].batchSize).toBe(source?.BatchSize);
    expect(DEPLOYED[lane].maxConcurrency).toBe(source?.ScalingConfig.MaximumConcurrency);
    expect(MEMORY_MB[lane]).toBe(MemorySize);
  });

  it('is deployed: the window in which a slow batch fills', () => {
    const [source] = synthesize().sources('slow');

    expect(DEPLOYED.slow.windowMs).toBe(source?.MaximumBatchingWindowInSeconds * 1000);
  });
});
