import type { DataValidators } from './check-data.ts';

/**
 * Replaced at synth by a module that is generated from the catalogue's schemas, unless events are not validated: see
 * `lib/shared/bundle.ts`.
 */
const validators: DataValidators = {};
export default validators;
