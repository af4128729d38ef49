import type { EnvironmentVariables } from '../shared/runtime/environment-variables.ts';
import type { CreatePortalLinkSettings } from './factory.ts';

export function readSettings(environment: EnvironmentVariables): CreatePortalLinkSettings {
  return {
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    consoleUrl: environment.text('CONSOLE_URL'),
  };
}
