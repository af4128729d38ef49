import equal from 'ajv/dist/runtime/equal.js';
import ucs2length from 'ajv/dist/runtime/ucs2length.js';

/** The modules that generated validators can require. Formats and `$async` need further modules, and are not supported. */
const MODULES: Readonly<Record<string, unknown>> = {
  'ajv/dist/runtime/equal': equal,
  'ajv/dist/runtime/ucs2length': ucs2length,
};

export type RequireAjvRuntime = (name: string) => unknown;

/** The `require` of generated validators. Throws for another module, which fails the function's start. */
export const requireAjvRuntime: RequireAjvRuntime = (name) => {
  if (Object.hasOwn(MODULES, name)) return MODULES[name];
  throw new Error(`the generated validators require ${name}; add it to MODULES of ajv-runtime.ts`);
};
