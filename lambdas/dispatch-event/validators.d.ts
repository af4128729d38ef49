import type { RequireAjvRuntime } from './ajv-runtime.ts';
import type { DataValidators } from './check-data.ts';

/** Generated at synth from the catalogue's schemas by `lib/shared/validators.ts`. */
declare const createValidators: (require: RequireAjvRuntime) => DataValidators;
export default createValidators;
