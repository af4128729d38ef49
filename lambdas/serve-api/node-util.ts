/**
 * `node:util` without an import: an import reads all exports of the module, and so loads parts of Node that nothing here
 * uses. That takes 7 ms of a cold start.
 */
export const util = process.getBuiltinModule('node:util');
