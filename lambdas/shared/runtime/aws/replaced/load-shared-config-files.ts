/**
 * In the bundles, this replaces the SDK's reader of `~/.aws/config`, which a function does not have: the first call of each
 * client would try to read it, and the import of the reader takes 3 ms of a cold start.
 */
export async function loadSharedConfigFiles() {
  return { configFile: {}, credentialsFile: {} };
}
