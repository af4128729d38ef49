/** Vitest evaluates this file before each test file, also when the test files of a worker share their modules. */
import { registerCleanUp } from './file-clean-up.ts';
import './resolve-catalogue.ts';

registerCleanUp();
