/**
 * In the bundles, this replaces the SDK's module of the same name: a chain that searches credentials in eight places. The
 * clients read the only place that a function has.
 */
export function defaultProvider(): never {
  throw new Error('the setting `credentials` is missing: the SDK has no default in a bundle');
}
