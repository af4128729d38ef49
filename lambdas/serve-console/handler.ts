import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../shared/runtime/environment-variables.ts';
import { type ConsoleRequest, type ConsoleResponse, createServeConsole } from './factory.ts';
import { readSettings } from './settings.ts';
import { readStaticFiles } from './static-files.ts';

/** The build puts the console's files beside the bundle. */
const FILES = fileURLToPath(new URL('./console/', import.meta.url));

// The chaos runs import this bundle and run its functions with simulated ports.
export { createServeConsole, readSettings };
export const files = readStaticFiles(FILES);

const serveConsole = createServeConsole(files, readSettings(readEnvironment(process.env)));

export const handler = async (request: ConsoleRequest): Promise<ConsoleResponse> => serveConsole(request);
