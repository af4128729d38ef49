import { withAssembly } from '../shared/assembly.ts';
import { type Measurement, type MeasureSettings, measureCalls } from './measure.ts';
import { type ScenarioOptions, scenariosOf, windowScenario } from './scenarios.ts';

/** Measures all scenarios: those of the given deployment, and thin traffic in one whose `eventBatchingWindow` is a second. */
export async function measureAllCalls({
  options,
  ...settings
}: Omit<MeasureSettings, 'scenarios'> & { readonly options: ScenarioOptions }): Promise<Measurement[]> {
  const deployed = await measureCalls({ ...settings, scenarios: scenariosOf(options) });
  const withWindow = await withAssembly(
    (assemblyDirectory) =>
      measureCalls({ ...settings, assemblyDirectory, scenarios: [windowScenario(options)] }),
    { WEBHOOK_FANOUT_EVENT_BATCHING_WINDOW: '1' },
  );
  return [...deployed, ...withWindow];
}
