import { prepareSetup } from '../../chaos/run-setup.ts';

/** The stack with the default settings. The files of a worker share it: no test changes it, and its synthesis takes a second. */
export const setup = await prepareSetup();
