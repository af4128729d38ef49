import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { ServeConsoleSettings } from './factory.ts';

export function readSettings(environment: EnvironmentVariables): ServeConsoleSettings {
  return { embeddedBy: environment.list('EMBEDDED_BY').map(String) };
}
