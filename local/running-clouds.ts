import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** Where clouds that run on this machine say so, each in a file named for its API's port. */
const DIRECTORY = fileURLToPath(new URL('../.local/clouds', import.meta.url));

const RunningCloud = z.object({
  pid: z.number(),
  apiPort: z.number(),
  awsEndpoint: z.string(),
  region: z.string(),
  accountId: z.string(),
  /** Absolute path of its catalogue; absent when that is not known. */
  catalogueFile: z.string().exactOptional(),
  outputs: z.record(z.string(), z.string()),
});
/** What the commands need to know of a local cloud. No key is in it. */
export type RunningCloud = Readonly<z.infer<typeof RunningCloud>>;

/** Makes a cloud known; the function that it returns makes it unknown again. */
export async function announceCloud(
  cloud: RunningCloud,
  directory = DIRECTORY,
): Promise<() => Promise<void>> {
  const file = path.join(directory, `${cloud.apiPort}.json`);
  await mkdir(directory, { recursive: true });
  await removeLeftOvers(directory);
  await writeFile(file, `${JSON.stringify(cloud, null, 2)}\n`);
  return () => rm(file, { force: true });
}

/** The one that runs, or the one with that API port. Throws, saying what to do, when that is not exactly one. */
export async function findCloud(apiPort: number | undefined, directory = DIRECTORY): Promise<RunningCloud> {
  const running = await listClouds(directory);
  const wanted = running.filter((cloud) => apiPort === undefined || cloud.apiPort === apiPort);
  const [found, ...others] = wanted;
  if (found !== undefined && others.length === 0) return found;
  const ports = running.map((cloud) => cloud.apiPort).join(', ');
  if (running.length === 0) throw new Error('no local cloud runs; start one with "npm start"');
  if (found === undefined)
    throw new Error(`no local cloud serves its API on port ${apiPort}; running: ${ports}`);
  throw new Error(`several local clouds run; choose one with --port <API port>: ${ports}`);
}

/** Files whose process is gone are left over from a crash, and are not counted. */
async function listClouds(directory: string): Promise<RunningCloud[]> {
  return (await readClouds(directory)).filter(({ pid }) => isAlive(pid));
}

async function removeLeftOvers(directory: string): Promise<void> {
  for (const { pid, apiPort } of await readClouds(directory)) {
    if (!isAlive(pid)) await rm(path.join(directory, `${apiPort}.json`), { force: true });
  }
}

async function readClouds(directory: string): Promise<RunningCloud[]> {
  const files = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const clouds = await Promise.all(files.map((file) => readCloud(path.join(directory, file))));
  return clouds.filter((cloud) => cloud !== undefined);
}

async function readCloud(file: string): Promise<RunningCloud | undefined> {
  try {
    return RunningCloud.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // It is being written or removed this moment, or another version wrote it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
